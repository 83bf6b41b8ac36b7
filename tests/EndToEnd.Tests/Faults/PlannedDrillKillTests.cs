using Grpc.Core;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Tests.Shared.Processes;
using HostAgent.HyperV.Failover;
using HostAgent.HyperV.Simulation;
using HostAgent.HyperV.Simulation.Engine;
using HostAgent.HyperV.Simulation.Estates;

namespace HostAgent.EndToEnd.Tests.Faults;

/// <summary>
/// A campaign takes machines to their replica and home again while coordinator and agents are killed without warning, home loses its power and the link is cut: in the
/// end each runs at home with every write, protected, and never did two copies run. <see cref="KillSeeds"/> says how many times.
/// </summary>
public sealed class PlannedDrillKillTests(ITestOutputHelper output)
{
    private const double Speed = 120;
    private const int Machines = 2;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(6);
    private static readonly TimeSpan Settling = TimeSpan.FromMinutes(1);

    public static TheoryData<int> Seeds => [.. KillSeeds.Asked];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Every_machine_is_home_again_with_every_write_whatever_is_killed(int seed)
    {
        var estate = AsTheyAre(EstateGenerator.GeneratePairs(1, Machines, seed, PairScenario.Replicating));
        await using var cluster = await Cluster.StartAsync(estate, Speed);
        await using var pair = await SimulatedPair.OpenAsync(
            estate, estate.Pairs[0], new SimulationOptions { PairDirectory = estate.StateDirectoryOf(cluster.EstateFile), Speed = Speed }, TimeProvider.System, TestContext.Current.CancellationToken);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(Patience);
        var document = $$"""
            apiVersion: failback/v1
            kind: Campaign
            metadata: {name: away}
            spec:
              targets: [{host: {{pair.First.Description.Name}}}]
              strategy: {name: planned-drill, soak: 1s, outage: automatic, rehearse: false}
              retry: {attempts: 50, initial: 1s, max: 2s}
              tolerance: {failures: 100%}
            """;
        var created = await cluster.Campaigns.CreateCampaignAsync(new CreateCampaignRequest { Document = new CampaignDocument { Text = document }, AcceptWarnings = true });
        created.Counts.Total.ShouldBe(Machines, string.Join("; ", created.Refused.Select(refused => refused.Reason)));
        await cluster.Campaigns.StartCampaignAsync(new StartCampaignRequest { Name = created.Name });

        var random = new Random(seed);
        var faults = PairFaults.BreakAsync(cluster, [(pair, pair.First)], random, most: 5, () => TimeSpan.FromMilliseconds(random.Next(800, 2500)), ended.Token);
        var person = new HeldMachines(cluster);
        var items = await ToTheEndAsync(cluster, created.Name, person, deadline.Token);
        await ended.CancelAsync();
        output.WriteLine($"seed {seed}: {string.Join(", ", await faults)}; answered [{string.Join(", ", person.Answered)}]; {string.Join("; ", items.Select(item => $"{item.VirtualMachineName} {item.State} {item.Explanation}"))}");

        foreach (var item in items)
        {
            item.State.ShouldBe(ItemState.Succeeded, item.Explanation);
            var content = await SettledAsync(pair, Guid.Parse(item.VirtualMachineId));
            content.ShouldSatisfyAllConditions(
                both => both.FirstRuns.ShouldBeTrue(item.VirtualMachineName),
                both => both.SecondRuns.ShouldBeFalse(item.VirtualMachineName),
                both => both.BothRan.ShouldBe(TimeSpan.Zero, $"{item.VirtualMachineName} ran twice"),
                both => (both.FirstLacks, both.FirstIsMixed).ShouldBe((TimeSpan.Zero, false), $"{item.VirtualMachineName} came home without all its writes"),
                both => both.SecondRunCount.ShouldBeGreaterThan(0, $"{item.VirtualMachineName} was never there"));
        }

        var proofs = (await cluster.Drills.ListProofsAsync(new ListProofsRequest { PageSize = 100, States = { ProofState.Valid } }, cancellationToken: deadline.Token)).Proofs;
        proofs.Count(proof => proof.Passed.Isolation == "PRODUCTION" && proof.Passed.Owner == created.Name).ShouldBe(Machines);
    }

    // What loses its power at home is started there again by its host.
    private static Estate AsTheyAre(Estate estate) => estate with
    {
        Hosts = [.. estate.Hosts.Select(host => host with { VirtualMachines = [.. host.VirtualMachines.Select(machine => machine with { DiskGigabytes = 4, ChangedGigabytes = 0.2, StartupAction = StartupAction.RestartIfRunning })] })],
    };

    private static async Task<PairContent> SettledAsync(SimulatedPair pair, Guid machine)
    {
        using var deadline = new CancellationTokenSource(Settling);
        var content = pair.Compare(machine);
        while (!deadline.IsCancellationRequested && content is not { FirstRuns: true })
        {
            await Task.Delay(200, CancellationToken.None);
            content = pair.Compare(machine);
        }

        return content;
    }

    // Over however many lives of the coordinator; a person answers what is asked.
    private static async Task<IReadOnlyList<Item>> ToTheEndAsync(Cluster cluster, string campaign, HeldMachines person, CancellationToken cancellationToken)
    {
        IReadOnlyList<Item> items = [];
        while (true)
        {
            try
            {
                items = (await cluster.Campaigns.ListItemsAsync(new ListItemsRequest { Parent = campaign, PageSize = 100 }, cancellationToken: cancellationToken)).Items;
                if (items.All(item => item.EndTime is not null))
                {
                    return items;
                }

                foreach (var held in items.Where(item => item.State == ItemState.Held))
                {
                    await person.AnswerAsync(held, cancellationToken);
                }
            }
            catch (RpcException) when (!cancellationToken.IsCancellationRequested)
            {
                // The coordinator was killed, or the machine has gone on since it was shown: looked at again.
            }
            catch (RpcException exception)
            {
                throw new TimeoutException($"It still moves after {Patience} (answered: {string.Join(", ", person.Answered)}): {string.Join("; ", items.Select(item => $"{item.VirtualMachineName} {item.State} {item.Explanation}"))}", exception);
            }

            await Task.Delay(300, CancellationToken.None);
        }
    }
}
