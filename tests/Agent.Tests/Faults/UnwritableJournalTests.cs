using Grpc.Core;
using HostAgent.Agent.Operations;
using HostAgent.Agent.Tests.Support;
using HostAgent.Contracts.Failback.V1;
using OperationState = HostAgent.Contracts.Failback.V1.OperationState;

namespace HostAgent.Agent.Tests.Faults;

/// <summary>Fault 17: the journal takes nothing. Nothing is started unrecorded, and nothing that happened is lost.</summary>
public sealed class UnwritableJournalTests
{
    private readonly Guid _operation = Guid.NewGuid();

    [Fact]
    public async Task Request_is_refused_as_unavailable_starts_nothing_and_may_come_again()
    {
        await using var agent = await AgentUnderTest.StartAsync(Stage.Host(Stage.Machine(1)));
        using (new Refusing(agent.DataDirectory))
        {
            var refused = (await agent.Operator.InitiateAsync(Calls.Request(_operation, Stage.Id(1)))).Failure.ShouldNotBeNull();

            (refused.StatusCode, refused.Reason).ShouldBe((StatusCode.Unavailable, "JOURNAL_UNWRITABLE"));
            refused.RetryDelay.ShouldNotBeNull();
            agent.Initiations.ShouldBe(0);
            (await agent.Operator.GetHostAsync(new GetHostRequest())).RunningFailbacks.ShouldBe(0);
        }

        (await agent.Operator.InitiateAsync(Calls.Request(_operation, Stage.Id(1)))).Last.State.ShouldBe(OperationState.Succeeded);
        agent.Initiations.ShouldBe(1);
    }

    [Theory]
    [InlineData(OperationCheckpoint.BeforeIntent, 0)]
    [InlineData(OperationCheckpoint.AfterCall, 1)]
    [InlineData(OperationCheckpoint.BeforeConclusion, 1)]
    internal async Task Operation_holds_still_until_the_journal_takes_what_happened(OperationCheckpoint at, int initiationsWhileHeld)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Refusing? refusing = null;
        await using var agent = await AgentUnderTest.StartAsync(Stage.Host(Stage.Machine(1)), agent => agent.Checkpoint = (checkpoint, _, _) =>
        {
            if (checkpoint == at && refusing is null)
            {
                refusing = new Refusing(agent.DataDirectory);
                reached.SetResult();
            }

            return Task.CompletedTask;
        });
        var client = agent.Operator;
        var running = client.InitiateAsync(Calls.Request(_operation, Stage.Id(1)));
        await reached.Task;

        var held = await client.GetFailbackAsync(new GetFailbackRequest { OperationId = _operation.ToString() });
        held.State.ShouldNotBe(OperationState.Succeeded);
        refusing!.Dispose();
        var result = await running;

        result.Last.State.ShouldBe(OperationState.Succeeded);
        result.Recorded.Select(message => message.Sequence).ShouldBe(Enumerable.Range(1, (int)result.Last.Sequence).Select(i => (long)i));
        initiationsWhileHeld.ShouldBeLessThanOrEqualTo(agent.Initiations);
        agent.Initiations.ShouldBe(1);
    }
}
