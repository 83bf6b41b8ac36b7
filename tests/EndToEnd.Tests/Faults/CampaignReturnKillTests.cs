using System.Globalization;
using Grpc.Core;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Tests.Shared.Processes;
using HostAgent.HyperV.Failover;
using HostAgent.HyperV.Simulation;
using HostAgent.HyperV.Simulation.Engine;
using HostAgent.HyperV.Simulation.Estates;
using HostAgent.Transport;

namespace HostAgent.EndToEnd.Tests.Faults;

/// <summary>
/// A campaign brings the machines of two pairs home host to host while coordinator and agents are killed without warning, hosts at home lose their power and links are
/// cut, from its start to its end. The simulated hosts are asked, not the coordinator: never do two copies run, never is a write lost, never is a machine shut down or
/// started twice for one switch, never are more services down than the limit allows, and an outage longer than the forecast has a fault in it. <see cref="KillSeeds"/>
/// says how many times.
/// </summary>
public sealed class CampaignReturnKillTests(ITestOutputHelper output)
{
    // So slow that the time of a coordinator, which is not simulated, is little in an outage.
    private const double Speed = 10;
    private const int Pairs = 2;
    private const int MachinesOfPair = 2;
    private const int SwitchedAtOnce = 2;
    private const int MostFaults = 40;

    // What the forecast takes for an outage: the guest shuts down, the last changes go over, the machine starts at home and answers.
    private static readonly TimeSpan ForecastOutage = TimeSpan.FromSeconds(170);

    // After a fault the coordinator needs this long, at most, to reach everything again.
    private static readonly TimeSpan Aftermath = TimeSpan.FromSeconds(30);

    // The last read of both hosts lies so long, at most, before the end of an item.
    private static readonly TimeSpan LastRead = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Settling = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(8);

    public static TheoryData<int> Seeds => [.. KillSeeds.Asked];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Campaign_brings_every_machine_home_once_and_whole_whatever_is_killed(int seed)
    {
        var estate = SmallDisks(EstateGenerator.GeneratePairs(Pairs, MachinesOfPair, seed, PairScenario.FailedOver));
        await using var cluster = await Cluster.StartAsync(estate, Speed);
        await using var pairs = await OpenPairs.OpenAsync(estate, cluster.EstateFile, Speed);
        var document = $$"""
            apiVersion: failback/v1
            kind: Campaign
            metadata: {name: home}
            spec:
              targets: [{{string.Join(", ", pairs.All.Select(pair => $"{{host: {pair.Second.Description.Name}}}"))}}]
              strategy: {name: host-to-host, rehearse: false, attach: automatic, outage: automatic}
              limits: {switch: {{SwitchedAtOnce}}, host: 10}
              retry: {attempts: 50, initial: 1s, max: 2s}
              tolerance: {failures: 100%}
            """;
        var created = await cluster.Campaigns.CreateCampaignAsync(new CreateCampaignRequest { Document = new CampaignDocument { Text = document }, AcceptWarnings = true });
        created.Counts.Total.ShouldBe(Pairs * MachinesOfPair);
        await using var watch = new PairWatch(pairs.All);
        watch.Start();
        await cluster.Campaigns.StartCampaignAsync(new StartCampaignRequest { Name = created.Name });

        var random = new Random(seed);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var faults = PairFaults.BreakAsync(
            cluster, [.. pairs.All.Select(pair => (pair, pair.First))], random, MostFaults, () => TimeSpan.FromMilliseconds(random.Next(1500, 7000)), ended.Token);
        var person = new HeldMachines(cluster);
        var items = await ToTheEndAsync(cluster, created.Name, person);
        await ended.CancelAsync();
        var broken = await faults;
        await watch.EndAsync();

        output.WriteLine($"seed {seed}: {broken.Count} faults ({string.Join(", ", broken)}), most down {watch.MostDown}, answered [{string.Join(", ", person.Answered)}]");
        items.Count.ShouldBe(Pairs * MachinesOfPair);
        var checks = new List<Action>();
        foreach (var item in items)
        {
            var machine = Guid.Parse(item.VirtualMachineId);
            var pair = pairs.All.Single(one => one.Second.Description.VirtualMachines.Any(listed => listed.Id == machine));
            var home = pair.First.Description.Name;

            // A primary whose host lost its power must be resynchronized, and one that lost it again before its delayed start stays off, as its settings say. The campaign is done with it.
            var lostPowerAfterwards = broken.Any(fault => fault.IsPower && fault.Host == home && fault.End >= item.EndTime?.ToDateTimeOffset() - LastRead);
            var content = await SettledAsync(pair, machine, lostPowerAfterwards);
            var outages = watch.OutagesOf(machine);
            var switched = outages.Count > 0 ? outages[0] : throw new InvalidOperationException($"{item.VirtualMachineName} was never seen down");
            var lasted = ((switched.End ?? TimeProvider.System.GetUtcNow()) - switched.Begin) * Speed;
            var within = broken.Where(fault => (fault.Host is null || fault.Host == home) && fault.Begin <= (switched.End ?? DateTimeOffset.MaxValue) && fault.End + Aftermath >= switched.Begin).ToList();
            var powerLosses = broken.Count(fault => fault.IsPower && fault.Host == home);
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"seed {seed} {item.VirtualMachineName}: {item.State}, both ran {content.BothRan.TotalSeconds:0}, home lacks {content.FirstLacks.TotalSeconds:0}, started at home {content.FirstRunCount}, power lost {powerLosses}{(lostPowerAfterwards ? " also afterwards" : "")}, started at the recovery site {content.SecondRunCount}, protected {content.IsProtected}, down for {lasted.TotalSeconds:0} s ({(within.Count == 0 ? "no fault" : string.Join(", ", within))}), {item.Explanation}"));
            if (!content.IsProtected && !lostPowerAfterwards)
            {
                output.WriteLine($"seed {seed} {item.VirtualMachineName} as it was last shown: {await cluster.Returns.GetReturnAsync(new GetReturnRequest { Name = $"returns/{item.VirtualMachineId}" })}");
                foreach (var host in (string[])[home, pair.Second.Description.Name])
                {
                    output.WriteLine($"seed {seed} {item.VirtualMachineName} on {host}: {await cluster.AgentOperations(host).GetMachineFactsAsync(new() { VirtualMachineId = item.VirtualMachineId })}");
                }
            }

            checks.Add(() =>
            {
                item.State.ShouldBe(ItemState.Succeeded, item.Explanation);
                content.SecondRuns.ShouldBeFalse(item.VirtualMachineName);
                (lostPowerAfterwards || (content.FirstRuns && content.IsProtected)).ShouldBeTrue($"{item.VirtualMachineName} does not run at home, or is not protected");
                content.BothRan.ShouldBe(TimeSpan.Zero, $"{item.VirtualMachineName} ran twice");
                (content.FirstLacks, content.FirstIsMixed).ShouldBe((TimeSpan.Zero, false), $"{item.VirtualMachineName} came home without all its writes");
                content.SecondRunCount.ShouldBe(1, $"{item.VirtualMachineName} was shut down twice");
                content.FirstRunCount.ShouldBeInRange(1, 1 + powerLosses, $"{item.VirtualMachineName} was started twice");
                (lasted <= ForecastOutage || within.Count > 0).ShouldBeTrue($"{item.VirtualMachineName} was down for {lasted}, and nothing was broken");
            });
        }

        checks.ForEach(check => check());
        watch.MostDown.ShouldBeLessThanOrEqualTo(SwitchedAtOnce);
    }

    // A host that lost its power starts its machines after the delay that their settings say, and replication goes on after that.
    private static async Task<PairContent> SettledAsync(SimulatedPair pair, Guid machine, bool lostPowerAfterwards)
    {
        using var deadline = new CancellationTokenSource(Settling);
        var content = pair.Compare(machine);
        while (!deadline.IsCancellationRequested && !lostPowerAfterwards && content is not { FirstRuns: true, IsProtected: true })
        {
            await Task.Delay(200, CancellationToken.None);
            content = pair.Compare(machine);
        }

        return content;
    }

    // The disks of the estate would take hours at this speed. What loses its power at home is started there again by its host.
    private static Estate SmallDisks(Estate estate) => estate with
    {
        Hosts = [.. estate.Hosts.Select(host => host with { VirtualMachines = [.. host.VirtualMachines.Select(machine => machine with { DiskGigabytes = 4, ChangedGigabytes = 0.2, StartupAction = StartupAction.RestartIfRunning })] })],
    };

    // Over however many lives of the coordinator; a person answers what is asked.
    private static async Task<IReadOnlyList<Item>> ToTheEndAsync(Cluster cluster, string campaign, HeldMachines person)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(Patience);
        var failure = "";
        IReadOnlyList<Item> items = [];
        while (true)
        {
            try
            {
                var listed = await cluster.Campaigns.ListItemsAsync(new ListItemsRequest { Parent = campaign, PageSize = 100 }, cancellationToken: deadline.Token);
                items = listed.Items;
                if (items.All(item => item.EndTime is not null))
                {
                    return items;
                }

                foreach (var held in items.Where(item => item.State == ItemState.Held))
                {
                    await person.AnswerAsync(held, deadline.Token);
                }
            }
            catch (RpcException exception) when (!deadline.IsCancellationRequested)
            {
                // The coordinator was killed, or the machine has gone on since it was shown: looked at again.
                failure = RpcFailure.From(exception).ToString();
            }
            catch (RpcException exception)
            {
                throw new TimeoutException(
                    $"It still moves after {Patience} (last failure: {failure}; answered: {string.Join(", ", person.Answered)}): {string.Join("; ", items.Select(item => $"{item.VirtualMachineName} {item.State} {item.Explanation}"))}", exception);
            }

            await Task.Delay(500, CancellationToken.None);
        }
    }

    /// <summary>All pairs of an estate, beside the agents that serve them.</summary>
    private sealed class OpenPairs(IReadOnlyList<SimulatedPair> pairs) : IAsyncDisposable
    {
        public IReadOnlyList<SimulatedPair> All => pairs;

        public static async Task<OpenPairs> OpenAsync(Estate estate, string document, double speed)
        {
            var opened = new List<SimulatedPair>();
            foreach (var pair in estate.Pairs)
            {
                opened.Add(await SimulatedPair.OpenAsync(
                    estate, pair, new SimulationOptions { PairDirectory = estate.StateDirectoryOf(document), Speed = speed }, TimeProvider.System, TestContext.Current.CancellationToken));
            }

            return new OpenPairs(opened);
        }

        public async ValueTask DisposeAsync()
        {
            foreach (var pair in pairs)
            {
                await pair.DisposeAsync();
            }
        }
    }
}
