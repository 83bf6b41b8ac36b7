using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Clusters;
using HostAgent.HyperV.Jobs;
using HostAgent.HyperV.RecoveryPoints;
using HostAgent.HyperV.Replication;
using HostAgent.HyperV.Simulation.Estates;
using HostAgent.HyperV.Simulation.Tests.Methods;
using HostAgent.HyperV.VirtualMachines;

namespace HostAgent.HyperV.Simulation.Tests.World;

/// <summary>A host finds its machines by name without going through all of them, whatever happens to their names.</summary>
public sealed class MachineNameTests
{
    private static readonly SimulatedClusterDescription Cluster = new() { Name = "CL-WEST" };

    [Fact]
    public async Task Machines_with_one_name_are_all_found_in_the_order_of_a_listing_and_without_case()
    {
        await using var stage = await Stage.OpenAsync(Stage.HostOf(Stage.Machine("web", 3), Stage.Machine("sql", 2), Stage.Machine("WEB", 1)));
        (await IdsOfAsync(stage, "Web")).ShouldBe([1, 3]);
        (await IdsOfAsync(stage, "sql")).ShouldBe([2]);
        (await IdsOfAsync(stage, "we")).ShouldBeEmpty();
        (await stage.Session.ListInstancesAsync("CIM_System", [new CimFilter("elementname", "hv-west-01")], Stage.Token))
            .ShouldHaveSingleItem()["Caption"].ShouldBe("Hosting Computer System", "the host has a name too");
        (await stage.Session.ListInstancesAsync("Msvm_VirtualSystemSettingData", [new CimFilter("ElementName", "web")], Stage.Token)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Every_filter_counts_beside_the_name()
    {
        await using var stage = await Stage.OpenAsync(Stage.HostOf(Stage.Machine("web", 1), Stage.Machine("web", 2) with { Power = EnabledState.Running }));
        (await stage.Session.ListInstancesAsync("Msvm_ComputerSystem", [new CimFilter("ElementName", "web"), new CimFilter("EnabledState", 2)], Stage.Token))
            .ShouldHaveSingleItem()["Name"].ShouldBe(TextOf(2));
        (await stage.Session.ListInstancesAsync("Msvm_ComputerSystem", [new CimFilter("ElementName", "web"), new CimFilter("ElementName", "sql")], Stage.Token)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_renamed_machine_has_its_new_name_only_and_keeps_it_over_a_restart()
    {
        var folder = Directory.CreateTempSubdirectory("simulated-host-");
        try
        {
            var host = Stage.HostOf(Stage.Machine("web", 1), Stage.Machine("web", 2));
            // The history is a summary from the first record on.
            var options = new SimulationOptions { StateFile = Path.Combine(folder.FullName, "state.jsonl"), MinimumJobRetention = TimeSpan.Zero, CompactAbove = 1 };
            var stage = await Stage.OpenAsync(host, options);
            stage.Host.Rename(host.VirtualMachines[0].Id, "sql");
            await AssertAsync(stage);
            await stage.DisposeAsync();
            await using var later = await Stage.OpenAsync(host, options, stage.Time);
            await AssertAsync(later);
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        static async Task AssertAsync(Stage stage)
        {
            (await IdsOfAsync(stage, "web")).ShouldBe([2]);
            (await IdsOfAsync(stage, "sql")).ShouldBe([1]);
        }
    }

    [Fact]
    public async Task A_machine_that_leaves_and_returns_is_found_only_while_it_is_there()
    {
        await using var stage = await Stage.OpenAsync(Stage.HostOf(Stage.Machine("web", 1), Stage.Machine("web", 2)));
        var left = stage.Host.Description.VirtualMachines[0].Id;
        stage.Host.Remove(left);
        (await IdsOfAsync(stage, "web")).ShouldBe([2]);
        stage.Host.Receive(left);
        (await IdsOfAsync(stage, "web")).ShouldBe([1, 2]);
    }

    [Fact]
    public async Task A_test_machine_is_found_until_its_test_ends()
    {
        await using var stage = await Stage.OpenAsync(Stage.HostOf(Stage.Machine("web") with { State = ReplicationState.Replicating }));
        var replica = new Operator(stage, new VirtualMachineId(stage.Host.Description.VirtualMachines[0].Id));
        await replica.FinishAsync(replica.ServiceAsync("TestReplicaSystem"), JobType.InitiateTestReplica);
        (await NamedAsync(stage, "web - Test")).ShouldHaveSingleItem()["ReplicationMode"].ShouldBe((ushort)ReplicationMode.TestReplica);
        var test = (await stage.Door.ListTestMachinesAsync(replica.Id, Stage.Token)).ShouldHaveSingleItem();
        var service = (await stage.Session.ListInstancesAsync("Msvm_VirtualSystemManagementService", [], Stage.Token)).ShouldHaveSingleItem();
        await replica.FinishAsync(
            stage.Session.InvokeMethodAsync(service.Path!, "DestroySystem", new Dictionary<string, object?> { ["AffectedSystem"] = Operator.PathOf(test) }, Stage.Token),
            JobType.RemoveTestReplica);
        (await NamedAsync(stage, "web - Test")).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_cluster_resource_is_found_by_the_name_that_a_listing_shows()
    {
        var machines = new[] { Stage.Machine("web", 1), Stage.Machine("web", 2), Stage.Machine("web (2)", 3), Stage.Machine("sql (x)", 4), Stage.Machine("Virtual Machine", 5) };
        await using var stage = await Stage.OpenAsync(Stage.HostOf(machines) with { Cluster = Cluster });
        await using var session = stage.Host.OpenSession(ClusterClasses.Namespace).ShouldNotBeNull();
        var all = await session.ListInstancesAsync(ClusterClasses.Resource, [], Stage.Token);
        all.Count.ShouldBe(6);
        foreach (var name in all.Select(resource => resource.GetString("Name")!).Distinct())
        {
            (await session.ListInstancesAsync(ClusterClasses.Resource, [new CimFilter("Name", name.ToUpperInvariant())], Stage.Token)).Select(IdOf)
                .ShouldBe(all.Where(resource => resource.GetString("Name") == name).Select(IdOf), name);
        }

        (await session.ListInstancesAsync(ClusterClasses.Resource, [new CimFilter("Type", ClusterClasses.ReplicationBrokerType)], Stage.Token)).ShouldHaveSingleItem();
        (await session.ListInstancesAsync(ClusterClasses.Resource, [new CimFilter("Name", "web")], Stage.Token)).ShouldBeEmpty();

        static string? IdOf(CimInstance resource) => ((CimInstance)resource["PrivateProperties"]!).GetString("VmID");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_failback_looks_at_as_many_machines_on_a_large_host_as_on_a_small_one(bool clustered)
    {
        var small = await VisitedAsync(10);
        small.ShouldBeGreaterThan(0, "the lookup by name is counted");
        (await VisitedAsync(1_000)).ShouldBe(small);

        async Task<long> VisitedAsync(int machines)
        {
            var host = EstateGenerator.Generate(hosts: 1, machines, seed: 7).Hosts[0] with { Cluster = clustered ? Cluster : null };
            await using var stage = await Stage.OpenAsync(host);
            var id = new VirtualMachineId(host.VirtualMachines[machines / 2].Id);
            var before = stage.Host.MachinesVisited;
            (await stage.Door.CheckReadinessAsync(id, RecoveryPointSelector.Latest, Stage.Token)).Obstacles([]).ShouldBeEmpty();
            await stage.StartAsync(id);
            return stage.Host.MachinesVisited - before;
        }
    }

    private static string TextOf(int number) => Stage.Machine(number: number).Id.ToString("D").ToUpperInvariant();

    private static async Task<List<int>> IdsOfAsync(Stage stage, string name) =>
        [.. (await NamedAsync(stage, name)).Select(system => Array.FindIndex([.. Enumerable.Range(0, 10).Select(TextOf)], text => text == system.GetString("Name")))];

    private static Task<IReadOnlyList<CimInstance>> NamedAsync(Stage stage, string name) =>
        stage.Session.ListInstancesAsync("Msvm_ComputerSystem", [new CimFilter("ElementName", name)], Stage.Token);
}
