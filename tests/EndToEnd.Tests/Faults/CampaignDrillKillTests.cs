using Grpc.Core;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Tests.Shared.Processes;
using HostAgent.HyperV.Simulation.Estates;
using HostAgent.Transport;
using Replication = HostAgent.Contracts.Failback.V1;

namespace HostAgent.EndToEnd.Tests.Faults;

/// <summary>
/// A campaign tests forty replicas on eight pairs of hosts, and its coordinator is killed without warning in the middle, twice: every test goes on, no test machine is
/// left on any host, and every replica is as before.
/// </summary>
public sealed class CampaignDrillKillTests(ITestOutputHelper output)
{
    private const double Speed = 120;
    private const int Pairs = 8;
    private const int MachinesOfPair = 5;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task Forty_tests_are_cleaned_up_after_the_coordinator_was_killed_in_their_middle()
    {
        var estate = EstateGenerator.GeneratePairs(Pairs, MachinesOfPair, seed: 7, PairScenario.Replicating);
        await using var cluster = await Cluster.StartAsync(estate, Speed);
        var hosts = estate.Pairs.Select(pair => pair.Recovery).ToList();
        var document = """
            apiVersion: failback/v1
            kind: Campaign
            metadata: {name: drill}
            spec:
              targets: [{hosts: {}}]
              strategy: {name: test-failover, soak: 3s, proof: {validFor: 90d}}
              limits: {host: 2}
              tolerance: {failures: 100%}
            """;
        var before = await ReplicasAsync(cluster, hosts);
        before.Count.ShouldBe(Pairs * MachinesOfPair);
        var created = await cluster.Campaigns.CreateCampaignAsync(new CreateCampaignRequest { Document = new CampaignDocument { Text = document }, AcceptWarnings = true });
        created.Counts.Total.ShouldBe(Pairs * MachinesOfPair);
        await cluster.Campaigns.StartCampaignAsync(new StartCampaignRequest { Name = created.Name });

        var made = 0;
        foreach (var ended in new[] { 5, 20 })
        {
            await UntilAsync(cluster, created.Name, counts => counts.Succeeded + counts.Failed >= ended && counts.Running > 0);
            await cluster.Coordinator.KillAsync();
            made += await TestMachinesAsync(cluster, hosts);
            await cluster.Coordinator.StartAgainAsync();
        }

        await UntilAsync(cluster, created.Name, counts => counts.Succeeded + counts.Failed + counts.Cancelled == counts.Total);

        made.ShouldBeGreaterThan(0, "the coordinator was to be killed while test machines ran");
        var items = (await cluster.Campaigns.ListItemsAsync(new ListItemsRequest { Parent = created.Name, PageSize = 100 })).Items;
        output.WriteLine($"{made} test machines were left by the killed coordinators; {items.Count(item => item.State == ItemState.Succeeded)} of {items.Count} passed");
        items.ShouldAllBe(item => item.State == ItemState.Succeeded, string.Join("; ", items.Where(item => item.State != ItemState.Succeeded).Select(item => $"{item.VirtualMachineName}: {item.Explanation}")));
        items.ShouldAllBe(item => item.Attempt == 1);
        (await TestMachinesAsync(cluster, hosts)).ShouldBe(0);
        (await ReplicasAsync(cluster, hosts)).ShouldBe(before);

        var drills = (await cluster.Drills.ListDrillsAsync(new ListDrillsRequest { PageSize = 1000 })).Drills;
        drills.Count.ShouldBe(Pairs * MachinesOfPair);
        drills.ShouldAllBe(drill => drill.Steps.Count(step => step.Kind == "TEST_FAILOVER" && step.Succeeded) == 1);
        var proofs = await cluster.Drills.ListProofsAsync(new ListProofsRequest { PageSize = 1000, States = { ProofState.Valid } });
        proofs.Proofs.Count.ShouldBe(Pairs * MachinesOfPair);
        proofs.Proofs.ShouldAllBe(proof => proof.Passed.Owner == created.Name && proof.Passed.Isolation == "NO_NETWORK" && proof.Host.Length > 0);
    }

    // What each host that keeps replicas has of them.
    private static async Task<IReadOnlyList<string>> ReplicasAsync(Cluster cluster, IEnumerable<string> hosts)
        => [.. (await MachinesAsync(cluster, hosts)).Where(machine => machine.ReplicationMode == Replication.ReplicationMode.Replica)
            .Select(machine => $"{machine.Id} {machine.Name} {machine.ReplicationState} {machine.PowerState}").Order(StringComparer.Ordinal)];

    private static async Task<int> TestMachinesAsync(Cluster cluster, IEnumerable<string> hosts)
        => (await MachinesAsync(cluster, hosts)).Count(machine => machine.ReplicationMode == Replication.ReplicationMode.TestReplica);

    // From the agents: the coordinator may be dead.
    private static async Task<List<Replication.VirtualMachine>> MachinesAsync(Cluster cluster, IEnumerable<string> hosts)
    {
        var lists = await Task.WhenAll(hosts.Select(async host => await cluster.Agent(host).ListVirtualMachinesAsync(new Replication.ListVirtualMachinesRequest { PageSize = 100 })));
        return [.. lists.SelectMany(list => list.VirtualMachines)];
    }

    private static async Task UntilAsync(Cluster cluster, string campaign, Func<ItemCounts, bool> condition)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(Patience);
        var last = new Campaign();
        while (last.Counts is not { } counts || !condition(counts))
        {
            try
            {
                last = await cluster.Campaigns.GetCampaignAsync(new GetCampaignRequest { Name = campaign }, cancellationToken: deadline.Token);
            }
            catch (RpcException exception) when (!deadline.IsCancellationRequested)
            {
                // The coordinator has just been started again.
                (exception.StatusCode is StatusCode.Unavailable).ShouldBeTrue(RpcFailure.From(exception).ToString());
            }
            catch (RpcException exception)
            {
                throw new TimeoutException($"Waited {Patience} in vain. Last: {last}", exception);
            }

            await Task.Delay(100, CancellationToken.None);
        }
    }
}
