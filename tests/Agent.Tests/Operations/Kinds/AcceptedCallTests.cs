using HostAgent.Agent.Operations;
using HostAgent.Agent.Operations.Kinds;
using HostAgent.Agent.Tests.Support;
using HostAgent.Contracts.Failback.V1;
using Microsoft.Extensions.Time.Testing;

namespace HostAgent.Agent.Tests.Operations.Kinds;

/// <summary>A call that was prepared at acceptance is made as it is when the operation need not queue, and only while it is fresh.</summary>
public sealed class AcceptedCallTests
{
    [Fact]
    public void Call_is_fresh_for_three_seconds()
    {
        var time = new FakeTimeProvider();
        var accepted = new AcceptedCall(null!, time.GetTimestamp());

        time.Advance(TimeSpan.FromSeconds(3));
        accepted.IsFresh(time).ShouldBeTrue();
        time.Advance(TimeSpan.FromTicks(1));
        accepted.IsFresh(time).ShouldBeFalse();
    }

    [Fact]
    public async Task Operation_that_need_not_queue_asks_the_host_nothing_between_acceptance_and_call()
    {
        var calls = new List<int>();
        await using var agent = await AgentUnderTest.StartAsync(
            Stage.Host(Stage.Machine(1)),
            agent => agent.Checkpoint = (checkpoint, _, _) =>
            {
                if (checkpoint is OperationCheckpoint.BeforeIntent or OperationCheckpoint.BeforeCall)
                {
                    calls.Add(agent.Session.Calls);
                }

                return Task.CompletedTask;
            });

        var ended = await agent.Operator.InitiateAsync(Calls.Request(Guid.NewGuid(), Stage.Id(1)));

        ended.Last.State.ShouldBe(OperationState.Succeeded);
        calls.Count.ShouldBe(2);
        calls[1].ShouldBe(calls[0]);
    }
}
