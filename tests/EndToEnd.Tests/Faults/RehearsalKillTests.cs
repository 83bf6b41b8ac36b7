using Grpc.Core;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Tests.Shared.Processes;
using HostAgent.HyperV.Simulation;
using HostAgent.HyperV.Simulation.Estates;

namespace HostAgent.EndToEnd.Tests.Faults;

/// <summary>
/// Machines are rehearsed at home while coordinator and agents are killed without warning, home loses its power and the link is cut: in the end each rests in step with its
/// rehearsal passed and its service up, and nothing of any rehearsal is left. <see cref="KillSeeds"/> says how many times.
/// </summary>
public sealed class RehearsalKillTests(ITestOutputHelper output)
{
    // A rehearsal takes as long as two or three faults.
    private const double Speed = 20;
    private const int Machines = 3;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    public static TheoryData<int> Seeds => [.. KillSeeds.Asked];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Every_machine_rests_rehearsed_and_no_test_machine_is_left_whatever_is_killed(int seed)
    {
        var estate = SmallDisks(EstateGenerator.GeneratePairs(1, Machines, seed, PairScenario.FailedOver));
        await using var cluster = await Cluster.StartAsync(estate, Speed);
        await using var pair = await SimulatedPair.OpenAsync(
            estate, estate.Pairs[0], new SimulationOptions { PairDirectory = estate.StateDirectoryOf(cluster.EstateFile), Speed = Speed }, TimeProvider.System, TestContext.Current.CancellationToken);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(Patience);
        var (home, ids) = (pair.First.Description.Name, pair.Second.Description.VirtualMachines.Select(machine => machine.Id).ToList());
        var document = $$"""
            apiVersion: failback/v1
            kind: Campaign
            metadata: {name: home}
            spec:
              targets: [{host: {{pair.Second.Description.Name}}}]
              strategy: {name: host-to-host, attach: automatic}
              retry: {attempts: 50, initial: 1s, max: 2s}
              tolerance: {failures: 100%}
            """;
        var created = await cluster.Campaigns.CreateCampaignAsync(new CreateCampaignRequest { Document = new CampaignDocument { Text = document }, AcceptWarnings = true });
        created.Counts.Total.ShouldBe(Machines);
        await cluster.Campaigns.StartCampaignAsync(new StartCampaignRequest { Name = created.Name });

        await BegunAsync(cluster, deadline.Token);
        var random = new Random(seed);
        var faults = PairFaults.BreakAsync(cluster, [(pair, pair.First)], random, most: 6, () => TimeSpan.FromMilliseconds(random.Next(100, 900)), ended.Token);
        var answered = await RestAsync(cluster, created.Name, deadline.Token);
        await ended.CancelAsync();
        var broken = await faults;

        // What was broken while the last of them came to rest may have been seen after it.
        answered.AddRange(await RestAsync(cluster, created.Name, deadline.Token));
        var drills = await EndedAsync(cluster, deadline.Token);
        var hit = drills.Count(drill => broken.Exists(fault => fault.Begin < drill.EndTime.ToDateTimeOffset() && fault.End > drill.CreateTime.ToDateTimeOffset()));
        output.WriteLine($"seed {seed}: {string.Join(", ", broken)}; answered [{string.Join(", ", answered)}]; {drills.Count} rehearsals, {hit} of them under a fault");
        hit.ShouldBeGreaterThan(0, "something was to be broken while a machine was rehearsed");

        foreach (var id in ids)
        {
            var facts = await FactsAsync(cluster, home, id, deadline.Token);
            facts.TestMachineIds.ShouldBeEmpty($"{id}");
            pair.Compare(id).ShouldSatisfyAllConditions(both => both.SecondRuns.ShouldBeTrue(), both => both.FirstRuns.ShouldBeFalse(), both => both.BothRan.ShouldBe(TimeSpan.Zero));
            var own = drills.Where(drill => Guid.Parse(drill.VirtualMachineId) == id).ToList();
            own.ShouldContain(drill => drill.State == DrillState.Passed);
            foreach (var drill in own)
            {
                (await TestFailovers.CountAsync(cluster, drill, deadline.Token)).ShouldBeInRange(drill.State == DrillState.Passed ? 1 : 0, 1, $"{drill}");
            }
        }

        var listed = await cluster.Hosts.ListVirtualMachinesAsync(new ListVirtualMachinesRequest { Parent = $"hosts/{home}" }, cancellationToken: deadline.Token);
        listed.VirtualMachines.Count.ShouldBe(Machines);
    }

    private static Estate SmallDisks(Estate estate) => estate with
    {
        Hosts = [.. estate.Hosts.Select(host => host with { VirtualMachines = [.. host.VirtualMachines.Select(machine => machine with { DiskGigabytes = 4, ChangedGigabytes = 0.2 })] })],
    };

    // Over however many lives of the coordinator; a person has failed rehearsals made again, for their machine lost its host's power.
    private static async Task<List<string>> RestAsync(Cluster cluster, string campaign, CancellationToken cancellationToken)
    {
        var person = new HeldMachines(cluster);
        IReadOnlyList<Item> items = [];
        while (true)
        {
            try
            {
                items = (await cluster.Campaigns.ListItemsAsync(new ListItemsRequest { Parent = campaign, PageSize = 100 }, cancellationToken: cancellationToken)).Items;
                if (items.All(item => item.State == ItemState.Synced))
                {
                    return person.Answered;
                }

                items.ShouldAllBe(item => item.EndTime == null, string.Join("; ", items.Select(item => item.Explanation)));
                foreach (var held in items.Where(item => item.State == ItemState.Held))
                {
                    if (held.FailureReason == "REHEARSAL_FAILED")
                    {
                        var name = $"returns/{held.VirtualMachineId}";
                        var shown = await cluster.Returns.GetReturnAsync(new GetReturnRequest { Name = name }, cancellationToken: cancellationToken);
                        await cluster.Returns.AnswerReturnAsync(new AnswerReturnRequest { Name = name, Verb = "REHEARSE_AGAIN", Evidence = shown.Next.Evidence, Reason = "its host has its power again" }, cancellationToken: cancellationToken);
                        person.Answered.Add($"{held.VirtualMachineName} REHEARSE_AGAIN");
                    }
                    else
                    {
                        await person.AnswerAsync(held, cancellationToken);
                    }
                }
            }
            catch (RpcException) when (!cancellationToken.IsCancellationRequested)
            {
                // The coordinator was killed, or the machine has gone on since it was shown: looked at again.
            }
            catch (RpcException exception)
            {
                throw new TimeoutException($"Not at rest after {Patience}: {string.Join("; ", items.Select(item => $"{item.VirtualMachineName} {item.State} {item.Explanation}"))}", exception);
            }

            await Task.Delay(300, CancellationToken.None);
        }
    }

    private static async Task BegunAsync(Cluster cluster, CancellationToken cancellationToken)
    {
        while ((await cluster.Drills.ListDrillsAsync(new ListDrillsRequest { PageSize = 10 }, cancellationToken: cancellationToken)).Drills.Count == 0)
        {
            await Task.Delay(50, cancellationToken);
        }
    }

    private static async Task<IReadOnlyList<Drill>> EndedAsync(Cluster cluster, CancellationToken cancellationToken)
    {
        while (true)
        {
            var drills = (await cluster.Drills.ListDrillsAsync(new ListDrillsRequest { PageSize = 1000 }, cancellationToken: cancellationToken)).Drills;
            if (drills.All(drill => drill.EndTime is not null))
            {
                return drills;
            }

            await Task.Delay(200, cancellationToken);
        }
    }

    private static async Task<Contracts.Failback.V1.MachineFacts> FactsAsync(Cluster cluster, string host, Guid machine, CancellationToken cancellationToken)
    {
        while (true)
        {
            var facts = await cluster.AgentOperations(host).GetMachineFactsAsync(new() { VirtualMachineId = machine.ToString("D") }, cancellationToken: cancellationToken);
            if (facts.Believed)
            {
                return facts;
            }

            await Task.Delay(200, cancellationToken);
        }
    }
}
