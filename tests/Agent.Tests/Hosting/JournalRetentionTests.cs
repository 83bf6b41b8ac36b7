using Grpc.Core;
using HostAgent.Agent.Journal;
using HostAgent.Agent.Operations.Model;
using HostAgent.Agent.Tests.Support;
using HostAgent.Contracts.Failback.V1;
using OperationState = HostAgent.Agent.Operations.Model.OperationState;

namespace HostAgent.Agent.Tests.Hosting;

public sealed class JournalRetentionTests
{
    [Fact]
    public async Task Finished_operation_is_forgotten_after_its_retention_and_a_younger_one_stays()
    {
        var (old, young) = (Guid.NewGuid(), Guid.NewGuid());
        await using var agent = await AgentUnderTest.StartAsync(Stage.Host(), agent => agent.Arguments.AddRange(["--HostAgent:OperationRetention", "30.00:00:00"]));
        await agent.StopAsync();
        await using (var journal = Recorded.Open(agent.DataDirectory))
        {
            await EndAsync(journal, old, TimeSpan.FromDays(31));
            await EndAsync(journal, young, TimeSpan.FromDays(29));
        }

        await agent.StartAsync();
        var client = agent.Operator;
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (await IsKnownAsync(old))
        {
            deadline.Token.ThrowIfCancellationRequested();
        }

        (await IsKnownAsync(young)).ShouldBeTrue();

        async Task<bool> IsKnownAsync(Guid id)
        {
            try
            {
                await client.GetFailbackAsync(new GetFailbackRequest { OperationId = id.ToString() }, deadline: Calls.Deadline);
                return true;
            }
            catch (RpcException exception) when (exception.StatusCode == StatusCode.NotFound)
            {
                return false;
            }
        }
    }

    private static async Task EndAsync(OperationJournal journal, Guid id, TimeSpan ago)
    {
        var accepted = await journal.AcceptAsync(Recorded.Facts(id), Recorded.Accepted());
        var ended = Recorded.Next(accepted, OperationEventKind.Concluded, OperationState.Failed) with { Time = TimeProvider.System.GetUtcNow() - ago };
        await journal.AppendAsync(accepted, ended, OperationChange.Nothing);
    }
}
