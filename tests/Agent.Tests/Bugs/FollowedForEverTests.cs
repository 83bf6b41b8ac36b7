using Grpc.Core;
using HostAgent.Agent.Tests.Support;
using HostAgent.Contracts.Failback.V1;
using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Simulation.Faults;
using OperationState = HostAgent.Contracts.Failback.V1.OperationState;
using ReplicationMode = HostAgent.HyperV.Replication.ReplicationMode;
using ReplicationState = HostAgent.HyperV.Replication.ReplicationState;

namespace HostAgent.Agent.Tests.Bugs;

/// <summary>
/// A failback whose job had gone while its machine went on showing that one is in progress was followed for ever: it could not be cancelled, for there was no job, and nothing else ends it.
/// </summary>
public sealed class FollowedForEverTests
{
    private readonly Guid _operation = Guid.NewGuid();

    [Fact]
    public async Task Person_takes_over_an_operation_that_has_nothing_to_terminate()
    {
        await using var agent = await StartJoblessAsync();

        var response = await agent.Operator.CancelFailbackAsync(new CancelFailbackRequest { OperationId = _operation.ToString(), ConfirmPossibleDataLoss = true, Reason = "nothing moves" });
        var watched = await agent.Operator.WatchAsync(_operation);

        response.HasReturnCode.ShouldBeFalse();
        response.Operation.State.ShouldBe(OperationState.UnknownOutcome);
        watched.Last.Outcome.Basis.ShouldBe(OutcomeBasis.Request);
        watched.Last.Outcome.Failure.Reason.ShouldBe("UNKNOWN_OUTCOME");
        watched.Last.Explanation.ShouldContain("nothing moves");
        watched.Last.Explanation.ShouldContain("its machine showed replication state FailbackInProgress (13)");
        agent.Host.Initiations.For(Stage.Id(1)).ShouldBe(1, "nothing is called again");
    }

    [Fact]
    public async Task Nobody_gives_it_up_without_a_confirmation()
    {
        await using var agent = await StartJoblessAsync();

        var failure = await Calls.FailureOfAsync(async () => await agent.Operator.CancelFailbackAsync(new CancelFailbackRequest { OperationId = _operation.ToString() }));

        (failure.StatusCode, failure.Reason).ShouldBe((StatusCode.FailedPrecondition, "CONFIRMATION_REQUIRED"));
        (await agent.Operator.GetFailbackAsync(new GetFailbackRequest { OperationId = _operation.ToString() })).State.ShouldBe(OperationState.Running);
    }

    [Fact]
    public async Task Cancellation_of_a_job_that_goes_before_it_is_terminated_ends_the_operation()
    {
        // The host takes the termination and does not carry it out.
        await using var agent = await AgentUnderTest.StartAsync(Stage.Host(Stage.Machine(1, new PercentStuckFault())), agent => agent.PrepareSession = session => session.OnPower = _ => Task.FromResult(new CimMethodResult(4096, new Dictionary<string, object?>())));
        await agent.Operator.InitiateUntilAsync(Calls.Request(_operation, Stage.Id(1)), message => message is { State: OperationState.Running, PercentComplete: > 0 });
        var asked = await agent.Operator.CancelFailbackAsync(new CancelFailbackRequest { OperationId = _operation.ToString(), ConfirmPossibleDataLoss = true, Reason = "nothing moves" });
        asked.Operation.State.ShouldBe(OperationState.Running);

        agent.Host.RestartManagementService();
        var watched = await agent.Operator.WatchAsync(_operation);

        (watched.Last.State, watched.Last.Outcome.Basis).ShouldBe((OperationState.UnknownOutcome, OutcomeBasis.Request));
        watched.Last.Explanation.ShouldContain("nothing moves");
        watched.Last.Explanation.ShouldContain("FailbackInProgress (13)");
        agent.Host.Initiations.For(Stage.Id(1)).ShouldBe(1);
    }

    [Fact]
    public async Task Copy_between_two_hosts_whose_job_has_gone_is_given_up_in_the_same_way()
    {
        await using var agent = await AgentUnderTest.StartAsync(
            Stage.Host(Stage.Machine(1) with { Mode = ReplicationMode.Primary, State = ReplicationState.Ready }), agent => agent.HostSpeed = 1);
        var copy = Calls.Step(OperationKind.StartReplication, Stage.Id(1));
        copy.InitialCopy = InitialCopy.Seeded;
        using var call = agent.Steps.StartOperation(copy, deadline: Calls.Deadline);
        var restarted = false;
        await foreach (var message in call.ResponseStream.ReadAllAsync())
        {
            if (message is { State: OperationState.Running, Job: not null } && !restarted)
            {
                agent.Host.RestartManagementService();
                restarted = true;
            }
            else if (message.Explanation.Contains("no longer on the host", StringComparison.Ordinal))
            {
                break;
            }
        }

        var cancelled = await agent.Steps.CancelOperationAsync(new CancelOperationRequest { OperationId = copy.OperationId, ConfirmPossibleDataLoss = true });

        (cancelled.Operation.State, cancelled.Operation.Outcome.Basis).ShouldBe((OperationState.UnknownOutcome, OutcomeBasis.Request));
    }

    [Fact]
    public async Task Operation_that_only_a_person_can_end_says_so()
    {
        var agent = await AgentUnderTest.StartAsync(
            Stage.Host(Stage.Machine(1, new JobVanishesFault { State = ReplicationState.FailbackInProgress })), agent => agent.Arguments.AddRange(["--HostAgent:NoProgressAfter", "00:00:01"]));
        await using (agent)
        {
            var message = await agent.Operator.InitiateUntilAsync(Calls.Request(_operation, Stage.Id(1)), message => message.Explanation.Contains("No progress", StringComparison.Ordinal));

            message.State.ShouldBe(OperationState.Running);
            message.Explanation.ShouldContain("FailbackInProgress (13)");
            message.Explanation.ShouldContain("cancel it");
        }
    }

    private async Task<AgentUnderTest> StartJoblessAsync()
    {
        var agent = await AgentUnderTest.StartAsync(Stage.Host(Stage.Machine(1, new JobVanishesFault { State = ReplicationState.FailbackInProgress })));
        await agent.Operator.InitiateUntilAsync(Calls.Request(_operation, Stage.Id(1)), message => message.Explanation.Contains("no longer on the host", StringComparison.Ordinal));
        return agent;
    }
}
