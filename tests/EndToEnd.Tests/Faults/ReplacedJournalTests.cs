using Grpc.Core;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Tests.Shared.Processes;
using HostAgent.HyperV.Simulation.Estates;
using HostAgent.HyperV.Simulation.Faults;

namespace HostAgent.EndToEnd.Tests.Faults;

/// <summary>
/// The call arrived, its answer did not, coordinator and agent were killed, and the agent comes back with a journal that is whole in itself and
/// does not know of the call: put back from a copy, or made afresh. Nothing may be initiated a second time, and no success may be lost.
/// </summary>
public sealed class ReplacedJournalTests
{
    private const string Host = "hv-west-01";

    private const string Document = """
        apiVersion: failback/v1
        kind: Campaign
        metadata: {name: twice}
        spec:
          targets: [{hosts: {}}]
          waves: [{name: first, match: {vms: {names: [app-01]}}, gate: {approval: {by: [test]}}}, {name: second}]
          retry: {attempts: 3, initial: 1s, factor: 1, max: 1s}
          tolerance: {failures: 100%}
        """;

    public enum Fate
    {
        Failed,
        Succeeded,
        AtWork,
    }

    [Theory]
    [InlineData(Fate.Failed, false)]
    [InlineData(Fate.Failed, true)]
    [InlineData(Fate.Succeeded, false)]
    [InlineData(Fate.AtWork, true)]
    public async Task Agent_whose_journal_lacks_the_call_never_initiates_it_a_second_time(Fate fate, bool afresh)
    {
        await using var cluster = await Cluster.StartAsync(EstateOf(fate), speed: 200, relayed: true);
        var copy = Copy(cluster);
        var campaign = await cluster.Campaigns.CreateCampaignAsync(new() { Document = new() { Text = Document, Source = "twice.yaml" } });
        await cluster.Campaigns.StartCampaignAsync(new() { Name = campaign.Name });
        await UntilAsync(cluster, campaign.Name, seen => seen.Waves[0].State == WaveState.AtGate);

        // The second call arrives and its answer is lost; then both die.
        cluster.Relays[Host].Fault = WireFault.LosesAnswers;
        await cluster.Campaigns.ApproveWaveAsync(new() { Name = campaign.Name, Wave = "first" });
        await InitiatedAsync(cluster, 2);
        await cluster.Coordinator.KillAsync();
        await cluster.Agents[Host].KillAsync();
        foreach (var file in Directory.GetFiles(cluster.DataOf(Host), "journal*"))
        {
            File.Delete(file);
        }

        foreach (var (name, bytes) in copy.Where(_ => !afresh))
        {
            await File.WriteAllBytesAsync(Path.Combine(cluster.DataOf(Host), name), bytes);
        }

        cluster.Relays[Host].Fault = WireFault.None;
        await cluster.Agents[Host].StartAgainAsync();
        await cluster.Coordinator.StartAgainAsync();

        var end = await UntilAsync(cluster, campaign.Name, _ => false);
        var item = (await cluster.Campaigns.ListItemsAsync(new() { Parent = campaign.Name, Wave = "second" })).Items.ShouldHaveSingleItem();
        (await cluster.CountInitiationsAsync()).ShouldBe(2, $"one for each machine; the second item: {item}");
        if (fate == Fate.Failed)
        {
            (item.State, item.FailureReason).ShouldBe((ItemState.UnknownOutcome, "JOURNAL_LOST"), item.ToString());
            end.State.ShouldBe(CampaignState.CompletedWithFailures);
        }
        else
        {
            item.State.ShouldBe(ItemState.Succeeded, item.ToString());
            end.State.ShouldBe(CampaignState.Completed);
        }
    }

    // The simulated host's own time goes on while its agent is away.
    private static Estate EstateOf(Fate fate) => new()
    {
        Hosts =
        [
            new SimulatedHostDescription
            {
                Name = Host,
                Site = "west",
                PrimarySite = "east",
                VirtualMachines =
                [
                    new SimulatedVirtualMachineDescription { Name = "app-01", Id = new Guid("00000000-0000-4000-8000-000000000001"), DiskGigabytes = 1, ChangedGigabytes = 0.1 },
                    new SimulatedVirtualMachineDescription
                    {
                        Name = "app-02",
                        Id = new Guid("00000000-0000-4000-8000-000000000002"),
                        DiskGigabytes = fate == Fate.AtWork ? 400 : 1,
                        ChangedGigabytes = fate == Fate.AtWork ? 200 : 0.1,
                        Faults = fate == Fate.Failed ? [new JobEndsFault { JobState = HyperV.Jobs.JobState.Exception, ErrorCode = 32768 }] : [],
                    },
                ],
            },
        ],
    };

    private static Dictionary<string, byte[]> Copy(Cluster cluster)
    {
        var copy = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var path in Directory.GetFiles(cluster.DataOf(Host), "journal*"))
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            var bytes = new byte[file.Length];
            file.ReadExactly(bytes);
            copy[Path.GetFileName(path)] = bytes;
        }

        return copy;
    }

    private static async Task InitiatedAsync(Cluster cluster, int count)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(TimeSpan.FromSeconds(60));
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (await cluster.CountInitiationsAsync() < count)
        {
            await poll.WaitForNextTickAsync(deadline.Token);
        }
    }

    private static async Task<Campaign> UntilAsync(Cluster cluster, string name, Func<Campaign, bool> reached)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(TimeSpan.FromMinutes(3));
        Campaign? last = null;
        using var watch = cluster.Campaigns.WatchCampaign(new() { Name = name }, cancellationToken: deadline.Token);
        await foreach (var update in watch.ResponseStream.ReadAllAsync(deadline.Token))
        {
            last = update.Campaign ?? last;
            if (last is not null && reached(last))
            {
                return last;
            }
        }

        return last.ShouldNotBeNull();
    }
}
