using HostAgent.Agent.Tests.Support;
using HostAgent.Contracts.Failback.V1;
using HostAgent.HyperV.Simulation.Faults;
using OperationState = HostAgent.Contracts.Failback.V1.OperationState;

namespace HostAgent.Agent.Tests.Service;

public sealed class QueueTests
{
    [Fact]
    public async Task Operations_above_the_limit_queue_with_their_position_and_move_up_as_places_become_free()
    {
        var first = Guid.NewGuid();
        await using var agent = await AgentUnderTest.StartAsync(
            Stage.Host(Stage.Machine(1, new PercentStuckFault()), Stage.Machine(2), Stage.Machine(3)),
            agent => agent.Arguments.AddRange(["--max-concurrent-failbacks", "1"]));
        var client = agent.Operator;
        await client.InitiateUntilAsync(Calls.Request(first, Stage.Id(1)), message => message.State == OperationState.Running);
        var second = await QueueAsync(2);
        var third = await QueueAsync(3);
        var host = await client.GetHostAsync(new GetHostRequest());
        (host.RunningFailbacks, host.QueuedFailbacks, host.MaxConcurrentFailbacks).ShouldBe((1, 2, 1));
        (await client.GetFailbackAsync(new GetFailbackRequest { OperationId = third.ToString() })).QueuePosition.ShouldBe(2);

        await client.CancelFailbackAsync(new CancelFailbackRequest { OperationId = first.ToString(), ConfirmPossibleDataLoss = true });
        var results = await Task.WhenAll(client.WatchAsync(second), client.WatchAsync(third));

        results.ShouldAllBe(result => result.Last.State == OperationState.Succeeded);
        results[0].Messages[0].QueuePosition.ShouldBe(1);
        results[1].Messages[0].QueuePosition.ShouldBe(2);
        results[1].Messages.ShouldContain(message => message.Kind == ProgressKind.Queued && message.QueuePosition == 1);
        // Never more than one at a time: each started after the former had ended.
        results[1].Messages.First(message => message.Kind == ProgressKind.Starting).EventTime.ToDateTime()
            .ShouldBeGreaterThanOrEqualTo(results[0].Last.EventTime.ToDateTime());

        async Task<Guid> QueueAsync(int machine)
        {
            var id = Guid.NewGuid();
            await client.InitiateUntilAsync(Calls.Request(id, Stage.Id(machine)), message => message.State == OperationState.Queued);
            return id;
        }
    }

    [Fact]
    public async Task Full_queue_refuses_and_says_when_to_come_again()
    {
        await using var agent = await AgentUnderTest.StartAsync(
            Stage.Host(Stage.Machine(1, new PercentStuckFault()), Stage.Machine(2)),
            agent => agent.Arguments.AddRange(["--max-concurrent-failbacks", "1", "--HostAgent:MaxQueuedFailbacks", "0"]));
        await agent.Operator.InitiateUntilAsync(Calls.Request(Guid.NewGuid(), Stage.Id(1)), message => message.State == OperationState.Running);

        var failure = (await agent.Operator.InitiateAsync(Calls.Request(Guid.NewGuid(), Stage.Id(2)))).Failure.ShouldNotBeNull();

        failure.Reason.ShouldBe("QUEUE_FULL");
        failure.RetryDelay.ShouldNotBeNull();
    }

    [Fact]
    public async Task Queued_operation_checks_the_machine_again_when_its_turn_comes()
    {
        var first = Guid.NewGuid();
        var second = Guid.NewGuid();
        await using var agent = await AgentUnderTest.StartAsync(
            Stage.Host(Stage.Machine(1, new PercentStuckFault()), Stage.Machine(2)), agent => agent.Arguments.AddRange(["--max-concurrent-failbacks", "1"]));
        await agent.Operator.InitiateUntilAsync(Calls.Request(first, Stage.Id(1)), message => message.State == OperationState.Running);
        await agent.Operator.InitiateUntilAsync(Calls.Request(second, Stage.Id(2)), message => message.State == OperationState.Queued);

        agent.Host.StartOtherJob(Stage.Id(2), HyperV.Jobs.JobType.Backup, duration: null);
        await agent.Operator.CancelFailbackAsync(new CancelFailbackRequest { OperationId = first.ToString(), ConfirmPossibleDataLoss = true });
        var watched = await agent.Operator.WatchAsync(second);

        watched.Last.State.ShouldBe(OperationState.Failed);
        watched.Last.Outcome.Basis.ShouldBe(OutcomeBasis.Readiness);
        watched.Last.Outcome.Failure.Reason.ShouldBe("NOT_READY");
        agent.Host.Initiations.For(Stage.Id(2)).ShouldBe(0);
    }
}
