using Grpc.Core;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.EndToEnd.Tests.Processes;
using HostAgent.HyperV.Simulation;
using HostAgent.HyperV.Simulation.Estates;
using HostAgent.Transport;

namespace HostAgent.EndToEnd.Tests.Faults;

/// <summary>
/// A campaign brings its machines home host to host while coordinator and agents are killed without warning, the host at home loses its power and the link is cut:
/// never do two copies run, never is a write lost, and no service goes down before the one before it is back. <see cref="KillSeeds"/> says how many times.
/// </summary>
public sealed class CampaignReturnKillTests(ITestOutputHelper output)
{
    private const double Speed = 120;
    private const int Machines = 5;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    public static TheoryData<int> Seeds => [.. KillSeeds.Asked];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Campaign_brings_every_machine_home_once_and_whole_whatever_is_killed(int seed)
    {
        var estate = EstateGenerator.GeneratePairs(1, Machines, seed, PairScenario.FailedOver);
        await using var cluster = await Cluster.StartAsync(estate, Speed);
        await using var pair = await SimulatedPair.OpenAsync(
            estate, estate.Pairs[0], new SimulationOptions { PairDirectory = estate.StateDirectoryOf(cluster.EstateFile), Speed = Speed }, TimeProvider.System, TestContext.Current.CancellationToken);
        var document = $$"""
            apiVersion: failback/v1
            kind: Campaign
            metadata: {name: home}
            spec:
              targets: [{host: {{pair.Second.Description.Name}}}]
              strategy: {name: host-to-host, rehearse: false, attach: automatic, outage: automatic}
              limits: {switch: 1, host: 10}
              retry: {attempts: 50, initial: 1s, max: 2s}
              tolerance: {failures: 100%}
            """;
        var campaigns = cluster.Campaigns;
        var created = await campaigns.CreateCampaignAsync(new CreateCampaignRequest { Document = new CampaignDocument { Text = document }, AcceptWarnings = true });
        created.Counts.Total.ShouldBe(Machines);
        await campaigns.StartCampaignAsync(new StartCampaignRequest { Name = created.Name });

        using var ended = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var faults = PairFaults.BreakAsync(cluster, pair, pair.First, new Random(seed), ended.Token);
        var (mostDown, items) = await UntilNothingMovesAsync(cluster, created.Name, pair.First.Description.Name);
        await ended.CancelAsync();
        var broken = await faults;

        foreach (var item in items)
        {
            var content = pair.Compare(Guid.Parse(item.VirtualMachineId));
            output.WriteLine($"{seed} {item.VirtualMachineName}: {item.State} {item.Explanation}, both ran {content.BothRan}, home lacks {content.FirstLacks}; {string.Join(", ", broken)}");
            content.BothRan.ShouldBe(TimeSpan.Zero, $"{item.VirtualMachineName} ran twice");
            if (item.State is ItemState.Succeeded or ItemState.SucceededWithWarnings)
            {
                content.FirstHasAll.ShouldBeTrue($"{item.VirtualMachineName} came home without all its writes");
                content.FirstIsMixed.ShouldBeFalse();
            }
        }

        items.Count.ShouldBe(Machines);
        items.ShouldAllBe(item => item.State == ItemState.Succeeded || item.State == ItemState.SucceededWithWarnings || item.State == ItemState.Held);
        mostDown.ShouldBeLessThanOrEqualTo(1);
    }

    // Until every item has ended or waits for a person, over however many lives of the coordinator. Also counts how many were switched at once at most.
    private static async Task<(int MostDown, IReadOnlyList<Item> Items)> UntilNothingMovesAsync(Cluster cluster, string campaign, string home)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(Patience);
        var (mostDown, quiet, failure) = (0, 0, "");
        IReadOnlyList<Item> items = [];
        while (true)
        {
            try
            {
                var listed = await cluster.Campaigns.ListItemsAsync(new ListItemsRequest { Parent = campaign, PageSize = 100 }, cancellationToken: deadline.Token);
                items = listed.Items;
                mostDown = Math.Max(mostDown, items.Count(item => item.State is ItemState.Starting or ItemState.Running && item.Host == home));
                // A question may end by itself when a host answers again.
                quiet = items.All(item => item.State is ItemState.Succeeded or ItemState.SucceededWithWarnings or ItemState.Failed or ItemState.Held) ? quiet + 1 : 0;
                if (items.All(item => item.EndTime is not null) || quiet > 120)
                {
                    return (mostDown, items);
                }
            }
            catch (RpcException exception) when (!deadline.IsCancellationRequested)
            {
                failure = RpcFailure.From(exception).ToString();
            }
            catch (RpcException exception)
            {
                throw new TimeoutException($"It still moves after {Patience} (last failure: {failure}): {string.Join("; ", items.Select(item => $"{item.VirtualMachineName} {item.State} {item.Explanation}"))}", exception);
            }

            await Task.Delay(250, CancellationToken.None);
        }
    }
}
