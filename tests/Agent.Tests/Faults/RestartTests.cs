using HostAgent.Agent.Operations;
using HostAgent.Agent.Tests.Support;
using HostAgent.Contracts.Failback.V1;
using HostAgent.HyperV.Simulation.Faults;
using OperationState = HostAgent.Contracts.Failback.V1.OperationState;
using OutcomeBasis = HostAgent.Contracts.Failback.V1.OutcomeBasis;

namespace HostAgent.Agent.Tests.Faults;

/// <summary>Fault 1: the agent dies at each of five points. It comes back, no failback is doubled and no ending is lost.</summary>
public sealed class RestartTests
{
    private readonly Guid _operation = Guid.NewGuid();

    [Theory]
    [InlineData(OperationCheckpoint.BeforeIntent)]
    [InlineData(OperationCheckpoint.BeforeCall)]
    [InlineData(OperationCheckpoint.AfterCall)]
    [InlineData(OperationCheckpoint.JobAtWork)]
    [InlineData(OperationCheckpoint.BeforeConclusion)]
    internal async Task Agent_that_died_at_a_checkpoint_takes_the_operation_up_and_never_doubles_it(OperationCheckpoint checkpoint)
    {
        var gate = new Gate(checkpoint);
        await using var agent = await AgentUnderTest.StartAsync(Stage.Host(Stage.Machine(1)), agent => agent.Checkpoint = gate.HoldAsync);
        await agent.Operator.InitiateUntilAsync(Calls.Request(_operation, Stage.Id(1)), message => message.Kind == ProgressKind.Accepted);
        await gate.Reached;

        await agent.StopAsync();
        agent.Initiations.ShouldBe(checkpoint is OperationCheckpoint.BeforeIntent or OperationCheckpoint.BeforeCall ? 0 : 1);
        agent.Checkpoint = null;
        await agent.StartAsync();
        var joined = await agent.Operator.InitiateAsync(Calls.Request(_operation, Stage.Id(1)));

        joined.Failure.ShouldBeNull();
        joined.Last.State.ShouldBe(OperationState.Succeeded);
        joined.Recorded.Select(message => message.Sequence).ShouldBe(Enumerable.Range(1, (int)joined.Last.Sequence).Select(i => (long)i));
        joined.Messages.Count(message => message.Outcome is not null).ShouldBe(1);
        agent.Initiations.ShouldBe(1);
    }

    [Fact]
    public async Task Agent_that_was_restarted_in_the_middle_of_a_job_finds_it_again()
    {
        await using var agent = await AgentUnderTest.StartAsync(Stage.Host(Stage.Machine(1)), agent => agent.HostSpeed = 60);
        var running = await agent.Operator.InitiateUntilAsync(Calls.Request(_operation, Stage.Id(1)), message => message.State == OperationState.Running);

        await agent.RestartAsync();
        var watched = await agent.Operator.WatchAsync(_operation, running.Sequence);

        watched.Last.State.ShouldBe(OperationState.Succeeded);
        watched.Messages.ShouldContain(message => message.Kind == ProgressKind.Reattached && message.Explanation.Contains("restarted"));
        watched.Messages[0].Sequence.ShouldBe(running.Sequence + 1);
        agent.Initiations.ShouldBe(1);
    }

    [Fact]
    public async Task Agent_that_was_down_while_the_job_ended_and_was_removed_decides_by_the_machine()
    {
        var fault = new JobVanishesFault { AtPercent = 95, State = HyperV.Replication.ReplicationState.FailbackComplete };
        var gate = new Gate(OperationCheckpoint.BeforeConclusion);
        await using var agent = await AgentUnderTest.StartAsync(Stage.Host(Stage.Machine(1, fault)), agent => agent.Checkpoint = gate.HoldAsync);
        await agent.Operator.InitiateUntilAsync(Calls.Request(_operation, Stage.Id(1)), message => message.State == OperationState.Running);
        await gate.Reached;
        agent.Checkpoint = null;

        await agent.RestartAsync();
        var watched = await agent.Operator.WatchAsync(_operation);

        watched.Last.State.ShouldBe(OperationState.Succeeded);
        watched.Last.Outcome.Basis.ShouldBe(OutcomeBasis.ReplicationState);
        agent.Initiations.ShouldBe(1);
    }

    [Fact]
    public async Task Agent_that_died_after_the_intent_asks_nothing_again_once_the_host_can_prove_nothing()
    {
        var gate = new Gate(OperationCheckpoint.BeforeCall);
        await using var agent = await AgentUnderTest.StartAsync(Stage.Host(Stage.Machine(1)), agent =>
        {
            agent.Checkpoint = gate.HoldAsync;
            // As if the agent had been down for longer than the host keeps finished jobs.
            var timing = agent.Timing;
            agent.Timing = real => timing(real) with { CallSettlingTime = TimeSpan.Zero, JobRetention = TimeSpan.Zero };
        });
        await agent.Operator.InitiateUntilAsync(Calls.Request(_operation, Stage.Id(1)), message => message.Kind == ProgressKind.Accepted);
        await gate.Reached;
        agent.Checkpoint = null;

        await agent.RestartAsync();
        var watched = await agent.Operator.WatchAsync(_operation);

        watched.Last.State.ShouldBe(OperationState.UnknownOutcome);
        watched.Last.Explanation.ShouldContain("longer than it keeps finished jobs");
        agent.Initiations.ShouldBe(0);
    }

    [Fact]
    public async Task Queued_operations_queue_again_in_their_order()
    {
        var ids = Enumerable.Range(0, 4).Select(_ => Guid.NewGuid()).ToList();
        await using var agent = await AgentUnderTest.StartAsync(
            Stage.Host([.. Enumerable.Range(1, 4).Select(number => number == 1 ? Stage.Machine(number, new PercentStuckFault()) : Stage.Machine(number))]),
            agent => agent.Arguments.AddRange(["--max-concurrent-failbacks", "1"]));
        for (var i = 0; i < ids.Count; i++)
        {
            await agent.Operator.InitiateUntilAsync(
                Calls.Request(ids[i], Stage.Id(i + 1)), message => message.State == (i == 0 ? OperationState.Running : OperationState.Queued));
        }

        await agent.RestartAsync();

        for (var i = 1; i < ids.Count; i++)
        {
            (await agent.Operator.GetFailbackAsync(new GetFailbackRequest { OperationId = ids[i].ToString() })).QueuePosition.ShouldBe(i);
        }

        await agent.Operator.InitiateUntilAsync(Calls.Request(ids[0], Stage.Id(1)), message => message.Kind == ProgressKind.Reattached);
        await agent.Operator.CancelFailbackAsync(new CancelFailbackRequest { OperationId = ids[0].ToString(), ConfirmPossibleDataLoss = true });
        var results = await Task.WhenAll(ids.Skip(1).Select(id => agent.Operator.WatchAsync(id)));
        results.ShouldAllBe(result => result.Last.State == OperationState.Succeeded);
        agent.Initiations.ShouldBe(4);
    }

    [Fact]
    public async Task Management_service_that_restarts_in_the_middle_takes_the_job_and_the_machine_stays_in_doubt()
    {
        await using var agent = await AgentUnderTest.StartAsync(Stage.Host(Stage.Machine(1, new HostRestartsFault())));

        var running = await agent.Operator.InitiateUntilAsync(
            Calls.Request(_operation, Stage.Id(1)), message => message.Job?.State == JobState.Gone);

        // State 13 says that the host is at it: neither success nor failure may be concluded.
        running.State.ShouldBe(OperationState.Running);
        agent.Initiations.ShouldBe(1);
    }
}
