using System.Runtime.Versioning;
using System.Text.Json;
using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Clusters;
using HostAgent.HyperV.HomeReadiness;
using HostAgent.HyperV.Readiness;
using HostAgent.HyperV.RecoveryPoints;
using HostAgent.HyperV.Sessions;
using HostAgent.HyperV.Simulation.Estates;
using HostAgent.HyperV.VirtualMachines;
using HostAgent.HyperV.Volumes;

namespace HostAgent.HyperV.Wine.Harness.Cases;

/// <summary>The namespaces beside Hyper-V's, each with a session of its own, and what the preflight makes of them.</summary>
[SupportedOSPlatform("windows")]
internal sealed class NeighbourCases : ServedCases
{
    // Clustered, and replicated by the in-box provider with certificates: everything that a preflight may look at is looked at.
    private static readonly SimulatedHostDescription Node = ServedHost.Description with
    {
        Provider = ReplicationProviderKind.InBox,
        Cluster = new SimulatedClusterDescription { Name = "CL-WEST", Broker = SimulatedBroker.Failed },
        Volumes = [new() { Name = @"C:\" }, new() { Name = @"D:\", CapacityGigabytes = 100, FreeGigabytes = 0.5 }],
    };

    public override async ValueTask InitializeAsync() => Use(await ServedHost.OpenAsync(Node, Token));

    [Fact]
    public async Task A_resource_is_found_by_a_property_of_its_embedded_instance()
    {
        await using var session = WmiSession.Open(Adapter.Options, ClusterClasses.Namespace, TimeProvider.System);
        session.Namespace.ShouldBe(ClusterClasses.Namespace);
        var id = Served.MachineId.ToString("D").ToUpperInvariant();
        var found = (await session.ListInstancesAsync(ClusterClasses.Resource, [new("Type", ClusterClasses.VirtualMachineType), new(ClusterClasses.VirtualMachineId, id)], Token))
            .ShouldHaveSingleItem();
        found["Name"].ShouldBe("Virtual Machine sql-01");
        found["State"].ShouldBe((uint)ClusterResourceState.Offline);
        found["PrivateProperties"].ShouldBeOfType<CimInstance>()["VmID"].ShouldBe(id);
    }

    [Fact]
    public async Task A_volume_is_read_with_its_sizes()
    {
        await using var session = WmiSession.Open(Adapter.Options, VolumeClasses.Namespace, TimeProvider.System);
        var volume = (await session.ListInstancesAsync(VolumeClasses.Volume, [new("Name", @"D:\")], Token)).ShouldHaveSingleItem();
        volume["FreeSpace"].ShouldBe(500_000_000ul);
        volume["Capacity"].ShouldBe(100_000_000_000ul);
    }

    [Fact]
    public async Task Readiness_is_judged_the_same_on_both_sides()
    {
        var there = await CheckAsync(Served.Host.OpenNamespaces());
        var here = await CheckOverWmiAsync();
        here.Checks.ShouldBe(there.Checks);
        here.Obstacles([]).Select(check => check.Id).ShouldBe([ReadinessCheckId.VolumeSpaceLow, ReadinessCheckId.ClusterBrokerNotOnline]);
        here.Checks.Single(check => check.Id == ReadinessCheckId.CertificateNotOnHost).Observed.ShouldContain("CN=hv-west-01");
    }

    [Fact]
    public async Task What_a_host_tells_before_a_return_is_the_same_on_both_sides()
    {
        var id = new VirtualMachineId(Served.MachineId);
        var there = await new HyperVHost(Served.Host.OpenNamespaces(), TimeProvider.System).ReadHomeFactsAsync(id, toPeer: null, Token);
        await using var virtualization = await ConnectAsync();
        await using var windows = WmiSession.Open(Adapter.Options, VolumeClasses.Namespace, TimeProvider.System);
        await using var cluster = WmiSession.Open(Adapter.Options, ClusterClasses.Namespace, TimeProvider.System);

        var here = await new HyperVHost(new HostNamespaces(virtualization, windows, cluster), TimeProvider.System).ReadHomeFactsAsync(id, toPeer: null, Token);

        // Why something could not be read is each library's own text.
        Text(here).ShouldBe(Text(there));
        (here.IsClusterNode, here.BrokerOnline, here.Machine.ShouldNotBeNull().Disks.ShouldNotBeNull().Count).ShouldBe((true, false, 1));
        here.Unread.Select(one => one.Subject).ShouldBe(there.Unread.Select(one => one.Subject));

        static string Text(HomeFacts facts) => JsonSerializer.Serialize(facts with { Clock = default, Unread = [] });
    }

    [Fact]
    public async Task A_host_without_the_clusters_namespace_is_no_node()
    {
        await Served.DisposeAsync();
        Use(await ServedHost.OpenAsync(Node with { Cluster = null }, Token));
        (await CheckOverWmiAsync()).Checks.Single(check => check.Id == ReadinessCheckId.ClusterBrokerNotOnline).Observed.ShouldBe("this host is not a cluster node");
    }

    private async Task<ReadinessReport> CheckOverWmiAsync()
    {
        await using var virtualization = await ConnectAsync();
        await using var windows = WmiSession.Open(Adapter.Options, VolumeClasses.Namespace, TimeProvider.System);
        await using var cluster = WmiSession.Open(Adapter.Options, ClusterClasses.Namespace, TimeProvider.System);
        return await CheckAsync(new HostNamespaces(virtualization, windows, cluster));
    }

    private Task<ReadinessReport> CheckAsync(HostNamespaces namespaces)
        => new HyperVHost(namespaces, TimeProvider.System).CheckReadinessAsync(new VirtualMachineId(Served.MachineId), RecoveryPointSelector.Latest, Token);
}
