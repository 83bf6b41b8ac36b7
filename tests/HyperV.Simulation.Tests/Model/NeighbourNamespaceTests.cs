using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Clusters;
using HostAgent.HyperV.Simulation.Estates;
using HostAgent.HyperV.Simulation.Faults;
using HostAgent.HyperV.VirtualMachines;
using HostAgent.HyperV.Volumes;

namespace HostAgent.HyperV.Simulation.Tests.Model;

/// <summary>The namespaces beside Hyper-V's: each has its own classes, and behaves as a namespace does.</summary>
public sealed class NeighbourNamespaceTests
{
    private static readonly SimulatedClusterDescription Cluster = new() { Name = "CL-WEST" };

    public static TheoryData<string> Namespaces => [VolumeClasses.Namespace, ClusterClasses.Namespace];

    [Theory]
    [MemberData(nameof(Namespaces))]
    public async Task A_class_of_another_namespace_does_not_exist(string name)
    {
        await using var stage = await Stage.OpenAsync(Stage.HostOf(Stage.Machine()) with { Cluster = Cluster });
        await using var session = Open(stage, name);
        session.Namespace.ShouldBe(name);
        (await RefusalAsync(() => session.ListInstancesAsync(HyperVClasses.ComputerSystem, [], Stage.Token))).ShouldBe(CimErrorCode.InvalidClass);
        var elsewhere = CimObjectPath.ForKey(ClusterClasses.Resource, "Name", "x", HyperVClasses.Namespace);
        (await RefusalAsync(() => session.GetInstanceAsync(elsewhere, Stage.Token))).ShouldBe(CimErrorCode.InvalidNamespace);
        (await RefusalAsync(() => stage.Session.ListInstancesAsync(VolumeClasses.Volume, [], Stage.Token))).ShouldBe(CimErrorCode.InvalidClass);
    }

    [Theory]
    [MemberData(nameof(Namespaces))]
    public async Task A_session_that_is_disposed_or_whose_host_is_closed_fails(string name)
    {
        await using var stage = await Stage.OpenAsync(Stage.HostOf(Stage.Machine()) with { Cluster = Cluster });
        var session = Open(stage, name);
        await session.DisposeAsync();
        await Should.ThrowAsync<ObjectDisposedException>(() => session.ListInstancesAsync(VolumeClasses.Volume, [], Stage.Token));
        await using var open = Open(stage, name);
        await stage.Host.DisposeAsync();
        var className = name == VolumeClasses.Namespace ? VolumeClasses.Volume : ClusterClasses.Resource;
        (await RefusalAsync(() => open.ListInstancesAsync(className, [], Stage.Token))).ShouldBe(CimErrorCode.ShuttingDown);
    }

    [Fact]
    public async Task A_namespace_that_the_host_does_not_have_is_null()
    {
        await using var stage = await Stage.OpenAsync();
        stage.Host.OpenSession(ClusterClasses.Namespace).ShouldBeNull();
        stage.Host.OpenSession(@"root\default").ShouldBeNull();
        var namespaces = stage.Host.OpenNamespaces();
        namespaces.Cluster.ShouldBeNull();
        namespaces.Sessions.Select(session => session.Namespace).ShouldBe([HyperVClasses.Namespace, VolumeClasses.Namespace]);
    }

    [Fact]
    public async Task Access_denied_is_denied_in_every_namespace()
    {
        await using var stage = await Stage.OpenAsync(Stage.HostOf(Stage.Machine()) with { Faults = [new AccessDeniedFault()] });
        await using var session = Open(stage, VolumeClasses.Namespace);
        (await RefusalAsync(() => session.ListInstancesAsync(VolumeClasses.Volume, [], Stage.Token))).ShouldBe(CimErrorCode.AccessDenied);
    }

    [Fact]
    public async Task Volumes_tell_where_they_are_mounted_and_their_size_in_bytes()
    {
        await using var stage = await Stage.OpenAsync(Stage.HostOf(Stage.Machine()) with
        {
            Volumes = [new() { Name = @"C:\", CapacityGigabytes = 500 }, new() { Name = @"C:\ClusterStorage\Volume1\", CapacityGigabytes = 4000, FreeGigabytes = 12.5 }],
        });
        await using var session = Open(stage, VolumeClasses.Namespace);
        var shared = (await session.ListInstancesAsync(VolumeClasses.Volume, [new CimFilter("Name", @"c:\clusterstorage\volume1\")], Stage.Token)).ShouldHaveSingleItem();
        shared["Capacity"].ShouldBe(4_000_000_000_000ul);
        shared["FreeSpace"].ShouldBe(12_500_000_000ul);
        shared["FileSystem"].ShouldBe("CSVFS");
        shared["DriveLetter"].ShouldBeNull();
        (await session.GetInstanceAsync(shared.Path!, Stage.Token)).ShouldNotBeNull()["Name"].ShouldBe(shared["Name"]);
        var all = await session.ListInstancesAsync(VolumeClasses.Volume, [], Stage.Token);
        all[0]["FreeSpace"].ShouldBe(250_000_000_000ul);
        all[0]["DriveLetter"].ShouldBe("C:");
    }

    [Fact]
    public async Task The_cluster_has_a_resource_for_each_machine_and_one_for_its_broker()
    {
        var machines = new[]
        {
            Stage.Machine(),
            Stage.Machine(number: 2) with { Power = EnabledState.Running, OwnerNode = "HV-WEST-02" },
            Stage.Machine("elsewhere", 3) with { Present = false },
        };
        await using var stage = await Stage.OpenAsync(Stage.HostOf(machines) with { Cluster = Cluster with { Broker = SimulatedBroker.Failed } });
        await using var session = Open(stage, ClusterClasses.Namespace);
        (await session.ListInstancesAsync(ClusterClasses.Resource, [], Stage.Token))
            .Select(resource => (resource.GetString("Name"), resource.GetString("Type"), (ClusterResourceState)resource.GetInteger("State")!, resource.GetString("OwnerNode")))
            .ShouldBe(
            [
                ("Hyper-V Replica Broker CL-WEST", ClusterClasses.ReplicationBrokerType, ClusterResourceState.Failed, "hv-west-01"),
                ("Virtual Machine sql-01", ClusterClasses.VirtualMachineType, ClusterResourceState.Offline, "hv-west-01"),
                ("Virtual Machine sql-01 (2)", ClusterClasses.VirtualMachineType, ClusterResourceState.Online, "HV-WEST-02"),
            ]);
    }

    [Fact]
    public async Task A_resource_is_found_by_its_private_property()
    {
        await using var stage = await Stage.OpenAsync(Stage.HostOf(Stage.Machine(), Stage.Machine("web-01", 2)) with { Cluster = Cluster });
        await using var session = Open(stage, ClusterClasses.Namespace);
        var id = stage.Host.Description.VirtualMachines[1].Id.ToString("D");
        (await session.ListInstancesAsync(
            ClusterClasses.Resource, [new CimFilter("Type", ClusterClasses.VirtualMachineType), new CimFilter(ClusterClasses.VirtualMachineId, id)], Stage.Token))
            .ShouldHaveSingleItem()["Name"].ShouldBe("Virtual Machine web-01");
    }

    [Fact]
    public async Task A_cluster_may_have_no_broker()
    {
        await using var stage = await Stage.OpenAsync(Stage.HostOf() with { Cluster = Cluster with { Broker = SimulatedBroker.Missing } });
        await using var session = Open(stage, ClusterClasses.Namespace);
        (await session.ListInstancesAsync(ClusterClasses.Resource, [], Stage.Token)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_watch_of_a_neighbour_sees_a_machine_come()
    {
        await using var stage = await Stage.OpenAsync(Stage.HostOf(Stage.Machine() with { Present = false }) with { Cluster = Cluster });
        await using var session = Open(stage, ClusterClasses.Namespace);
        await using var watch = session.WatchInstancesAsync(ClusterClasses.Resource, TimeSpan.FromSeconds(1), Stage.Token).GetAsyncEnumerator(Stage.Token);
        var next = watch.MoveNextAsync();
        stage.Host.Receive(stage.Host.Description.VirtualMachines[0].Id);
        stage.Pass(1);
        (await next).ShouldBeTrue();
        watch.Current.Kind.ShouldBe(CimInstanceEventKind.Created);
        watch.Current.Instance["Name"].ShouldBe("Virtual Machine sql-01");
    }

    private static ICimSession Open(Stage stage, string name) => stage.Host.OpenSession(name).ShouldNotBeNull();

    private static async Task<uint> RefusalAsync(Func<Task> call) => (await Should.ThrowAsync<CimException>(call)).ErrorCode;
}
