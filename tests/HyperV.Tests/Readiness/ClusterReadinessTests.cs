using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Clusters;
using HostAgent.HyperV.Readiness;
using HostAgent.HyperV.RecoveryPoints;
using HostAgent.HyperV.Tests.Scripted;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using static HostAgent.HyperV.Tests.Readiness.ReportAssertions;

namespace HostAgent.HyperV.Tests.Readiness;

public sealed class ClusterReadinessTests
{
    private static readonly string[] Ids =
        [ReadinessCheckId.ClusterOwnerIsAnotherNode, ReadinessCheckId.ClusterBrokerMissing, ReadinessCheckId.ClusterBrokerNotOnline];

    private readonly ScriptedHost _script = new();
    private readonly CollectedLog _log = new();
    private bool _isNode = true;

    [Fact]
    public async Task A_machine_of_this_node_with_a_broker_online_passes_in_two_calls()
    {
        AddBroker(ClusterResourceState.Online);
        AddMachineResource("hv-west-01");
        var report = await CheckAsync();
        ShouldPass(report, ReadinessCheckId.ClusterOwnerIsAnotherNode, "'Virtual Machine sql-01' is on hv-west-01, this host is HV-WEST-01");
        ShouldPass(report, ReadinessCheckId.ClusterBrokerMissing, "'Broker'");
        ShouldPass(report, ReadinessCheckId.ClusterBrokerNotOnline, "'Broker' is Online (2) on HV-WEST-02");
        _script.Cluster.Calls.Count.ShouldBe(2);
    }

    [Theory]
    [InlineData("1F0CA5B0-3D2E-4C7A-9F11-0A0B0C0D0E01")]
    [InlineData("{1f0ca5b0-3d2e-4c7a-9f11-0a0b0c0d0e01}")]
    public async Task A_machine_owned_by_another_node_blocks(string written)
    {
        AddBroker(ClusterResourceState.Online);
        AddMachineResource("HV-WEST-02", machine: written);
        ShouldFail(
            await CheckAsync(), ReadinessCheckId.ClusterOwnerIsAnotherNode, CheckSeverity.Blocking, "'Virtual Machine sql-01' is on HV-WEST-02, this host is HV-WEST-01");
    }

    [Fact]
    public async Task A_resource_of_another_name_is_found_by_its_private_property()
    {
        AddBroker(ClusterResourceState.Online);
        _script.AddResource("Virtual Machine sql-01", ClusterClasses.VirtualMachineType, ClusterResourceState.Online, "HV-WEST-01", "2F0CA5B0-3D2E-4C7A-9F11-0A0B0C0D0E02");
        _script.AddResource("Configuration", "Virtual Machine Configuration", ClusterResourceState.Online, "HV-WEST-01", new MachineScript().Id.ToString());
        AddMachineResource("HV-WEST-02", name: "the old name");
        ShouldFail(await CheckAsync(), ReadinessCheckId.ClusterOwnerIsAnotherNode, CheckSeverity.Blocking, "'the old name' is on HV-WEST-02");
        _script.Cluster.Calls.Count.ShouldBe(3);
    }

    [Theory]
    [InlineData(ClusterResourceState.Failed, "'Broker' is Failed (4)")]
    [InlineData(ClusterResourceState.OnlinePending, "'Broker' is OnlinePending (129)")]
    public async Task A_broker_that_is_not_online_asks(ClusterResourceState state, string observed)
    {
        AddBroker(state);
        ShouldFail(await CheckAsync(), ReadinessCheckId.ClusterBrokerNotOnline, CheckSeverity.Overridable, observed);
    }

    [Fact]
    public async Task A_role_of_a_cluster_without_a_broker_asks()
    {
        AddMachineResource("HV-WEST-01");
        var report = await CheckAsync();
        ShouldFail(report, ReadinessCheckId.ClusterBrokerMissing, CheckSeverity.Overridable, "no replication broker");
        ShouldPass(report, ReadinessCheckId.ClusterBrokerNotOnline, "no replication broker");
    }

    [Fact]
    public async Task A_machine_that_is_no_role_needs_neither_owner_nor_broker()
    {
        var report = await CheckAsync();
        ShouldPass(report, ReadinessCheckId.ClusterOwnerIsAnotherNode, "not a cluster role");
        ShouldPass(report, ReadinessCheckId.ClusterBrokerMissing, "not a cluster role");
    }

    [Fact]
    public async Task An_external_provider_needs_no_broker_and_still_the_owner()
    {
        AddMachineResource("HV-WEST-02");
        var report = await CheckAsync(MachineScript.ExternalProvider);
        ShouldFail(report, ReadinessCheckId.ClusterOwnerIsAnotherNode, CheckSeverity.Blocking, "HV-WEST-02");
        ShouldPass(report, ReadinessCheckId.ClusterBrokerMissing, "external provider");
        ShouldPass(report, ReadinessCheckId.ClusterBrokerNotOnline, "external provider");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_host_that_is_no_node_passes_and_is_not_logged(bool hasSession)
    {
        _isNode = hasSession;
        _script.Cluster.FailOn($"List {ClusterClasses.Resource}", CimErrorCode.InvalidNamespace);
        var report = await CheckAsync();
        Array.ForEach(Ids, id => ShouldPass(report, id, "not a cluster node"));
        _log.Lines.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_cluster_that_does_not_answer_is_no_obstacle_and_logged_when_it_begins_and_ends()
    {
        AddBroker(ClusterResourceState.Online);
        var host = Host();
        var id = _script.AddMachine(new MachineScript { Provider = MachineScript.InBoxProvider });
        _script.Cluster.FailOn($"List {ClusterClasses.Resource}", CimErrorCode.AccessDenied);
        for (var time = 0; time < 3; time++)
        {
            var report = await host.CheckReadinessAsync(id, RecoveryPointSelector.Latest, CancellationToken.None);
            Array.ForEach(Ids, check => ShouldPass(report, check, "the cluster could not be read"));
        }

        _script.Cluster.FailNoMore();
        ShouldPass(await host.CheckReadinessAsync(id, RecoveryPointSelector.Latest, CancellationToken.None), ReadinessCheckId.ClusterBrokerNotOnline, "Online");
        _log.Lines.ShouldBe([
            (LogLevel.Warning, @"WMI namespace root\MSCluster is not answering; readiness checks that depend on it pass until it does"),
            (LogLevel.Information, @"WMI namespace root\MSCluster is answering again"),
        ]);
    }

    [Fact]
    public async Task A_cluster_that_tells_nonsense_is_no_obstacle()
    {
        _script.Cluster.Add(new CimInstance(null, ClusterClasses.Resource, [new("Type", ClusterClasses.ReplicationBrokerType)]));
        ShouldPass(await CheckAsync(), ReadinessCheckId.ClusterBrokerNotOnline, "the cluster could not be read: ");
    }

    private void AddBroker(ClusterResourceState state) => _script.AddResource("Broker", ClusterClasses.ReplicationBrokerType, state, "HV-WEST-02");

    private void AddMachineResource(string owner, string name = "Virtual Machine sql-01", string? machine = null)
        => _script.AddResource(name, ClusterClasses.VirtualMachineType, ClusterResourceState.Offline, owner, machine ?? new MachineScript().Id.ToString());

    private HyperVHost Host() => new(
        new HostNamespaces(_script.Session, Cluster: _isNode ? _script.Cluster : null), new FakeTimeProvider(ScriptedHost.Now), logger: _log);

    private Task<ReadinessReport> CheckAsync(string provider = MachineScript.InBoxProvider)
        => Host().CheckReadinessAsync(_script.AddMachine(new MachineScript { Provider = provider }), RecoveryPointSelector.Latest, CancellationToken.None);

    private sealed class CollectedLog : ILogger
    {
        public List<(LogLevel Level, string Text)> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
            => Lines.Add((logLevel, formatter(state, exception)));
    }
}
