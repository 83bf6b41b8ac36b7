using Grpc.Core;
using HostAgent.Agent.Tests.Support;
using HostAgent.Contracts.Failback.V1;
using HostAgent.HyperV.Simulation.Faults;
using OperationState = HostAgent.Contracts.Failback.V1.OperationState;

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

    private async Task<AgentUnderTest> StartJoblessAsync()
    {
        var agent = await AgentUnderTest.StartAsync(Stage.Host(Stage.Machine(1, new JobVanishesFault { State = HyperV.Replication.ReplicationState.FailbackInProgress })));
        await agent.Operator.InitiateUntilAsync(Calls.Request(_operation, Stage.Id(1)), message => message.Explanation.Contains("no longer on the host", StringComparison.Ordinal));
        return agent;
    }
}
