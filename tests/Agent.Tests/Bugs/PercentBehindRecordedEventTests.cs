using HostAgent.Agent.Tests.Support;
using HostAgent.Contracts.Failback.V1;
using HostAgent.HyperV.Simulation.Faults;

namespace HostAgent.Agent.Tests.Bugs;

/// <summary>A recorded event took the percentage of the recorded event before it, and so fell back behind updates that watchers had seen.</summary>
public sealed class PercentBehindRecordedEventTests
{
    [Fact]
    public async Task Recorded_event_carries_the_percentage_that_was_shown_last()
    {
        var operation = Guid.NewGuid();
        await using var agent = await AgentUnderTest.StartAsync(Stage.Host(Stage.Machine(1, new PercentStuckFault { AtPercent = 40 })));
        var client = agent.Operator;
        await client.InitiateUntilAsync(Calls.Request(operation, Stage.Id(1)), message => message.PercentComplete == 40);
        (await client.GetFailbackAsync(new GetFailbackRequest { OperationId = operation.ToString() })).Job.PercentComplete.ShouldBe(40);

        await client.CancelFailbackAsync(new CancelFailbackRequest { OperationId = operation.ToString(), ConfirmPossibleDataLoss = true });
        var watched = await client.WatchAsync(operation);

        watched.Messages.First(message => message.Kind == ProgressKind.CancelRequested).PercentComplete.ShouldBe(40);
    }
}
