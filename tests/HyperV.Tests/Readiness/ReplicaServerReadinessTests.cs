using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Readiness;
using HostAgent.HyperV.RecoveryPoints;
using HostAgent.HyperV.Tests.Scripted;
using Microsoft.Extensions.Time.Testing;
using static HostAgent.HyperV.Tests.Readiness.ReportAssertions;

namespace HostAgent.HyperV.Tests.Readiness;

public sealed class ReplicaServerReadinessTests
{
    private readonly ScriptedHost _script = new();

    [Fact]
    public async Task A_host_that_accepts_the_relationships_authentication_passes()
    {
        _script.AddReplicaServer(enabled: true, allowedAuthentication: 3);
        var report = await CheckAsync();
        ShouldPass(report, ReadinessCheckId.ReplicaServerNotEnabled, "accepts replication");
        ShouldPass(report, ReadinessCheckId.ReplicaServerAuthenticationNotAllowed, "Kerberos (1), this host accepts Kerberos and certificates (3)");
    }

    [Fact]
    public async Task A_host_that_accepts_no_replication_asks()
    {
        _script.AddReplicaServer(enabled: false, allowedAuthentication: 3);
        ShouldFail(await CheckAsync(), ReadinessCheckId.ReplicaServerNotEnabled, CheckSeverity.Overridable, "does not accept replication");
    }

    [Theory]
    [InlineData(0, 1, "this host accepts none (0)")]
    [InlineData(1, 2, "authentication Certificate (2), this host accepts Kerberos (1)")]
    [InlineData(2, 1, "authentication Kerberos (1), this host accepts certificates (2)")]
    public async Task A_host_that_accepts_another_authentication_asks(int allowed, int wanted, string observed)
    {
        _script.AddReplicaServer(enabled: true, allowedAuthentication: (ushort)allowed);
        var check = Find(await CheckAsync(authentication: wanted), ReadinessCheckId.ReplicaServerAuthenticationNotAllowed);
        check.Passed.ShouldBeFalse();
        check.Severity.ShouldBe(CheckSeverity.Overridable);
        check.Observed.ShouldContain(observed);
    }

    [Theory]
    [InlineData(true, "*")]
    [InlineData(true, "elsewhere.test", "HV-EAST-01.contoso.test")]
    [InlineData(true, "*.contoso.test")]
    [InlineData(false)]
    [InlineData(false, "hv-east-02.contoso.test", "*.example.test")]
    [InlineData(false, "*.east-01.contoso.test")]
    public async Task A_primary_that_no_entry_lets_in_asks(bool letIn, params string[] entries)
    {
        _script.AddReplicaServer(enabled: true, allowedAuthentication: 3);
        _script.AddAuthorizationEntries(entries);
        var report = await CheckAsync();
        if (letIn)
        {
            ShouldPass(report, ReadinessCheckId.ReplicaServerPrimaryNotAuthorized, entries[0]);
        }
        else
        {
            ShouldFail(
                report, ReadinessCheckId.ReplicaServerPrimaryNotAuthorized, CheckSeverity.Overridable,
                $"primary hv-east-01.contoso.test, this host allows {(entries is [] ? "no server" : string.Join(", ", entries))}");
        }
    }

    [Fact]
    public async Task A_node_leaves_its_entries_to_the_broker()
    {
        _script.AddReplicaServer(enabled: true, allowedAuthentication: 3);
        _script.AddAuthorizationEntries();
        var id = _script.AddMachine(new MachineScript { Provider = MachineScript.InBoxProvider });
        var node = new HyperVHost(new HostNamespaces(_script.Session, Cluster: _script.Cluster), new FakeTimeProvider(ScriptedHost.Now));
        ShouldPass(
            await node.CheckReadinessAsync(id, RecoveryPointSelector.Latest, CancellationToken.None), ReadinessCheckId.ReplicaServerPrimaryNotAuthorized, "broker");
    }

    [Fact]
    public async Task A_host_that_does_not_tell_its_entries_is_no_obstacle()
    {
        _script.AddReplicaServer(enabled: true, allowedAuthentication: 3);
        ShouldPass(await CheckAsync(), ReadinessCheckId.ReplicaServerPrimaryNotAuthorized, "unknown who may replicate");
    }

    [Fact]
    public async Task A_node_without_a_broker_that_does_not_find_its_settings_is_no_obstacle()
    {
        _script.Session.FailOn($"List {HyperVClasses.ReplicationServiceSettingData}", CimErrorCode.NotFound);
        var report = await CheckAsync();
        report.VirtualMachine.ShouldNotBeNull("an object not found here is not the machine");
        ShouldPass(report, ReadinessCheckId.ReplicaServerNotEnabled, "settings are unknown");
    }

    [Fact]
    public async Task A_host_that_does_not_tell_is_no_obstacle()
    {
        _script.AddReplicaServer(enabled: null, allowedAuthentication: null);
        var report = await CheckAsync();
        ShouldPass(report, ReadinessCheckId.ReplicaServerNotEnabled, "unknown whether");
        ShouldPass(report, ReadinessCheckId.ReplicaServerAuthenticationNotAllowed, "unknown which");
    }

    [Fact]
    public async Task An_external_provider_has_its_own_way()
    {
        _script.AddReplicaServer(enabled: false, allowedAuthentication: 0);
        var report = await CheckAsync(MachineScript.ExternalProvider);
        ShouldPass(report, ReadinessCheckId.ReplicaServerNotEnabled, "own connection");
        ShouldPass(report, ReadinessCheckId.ReplicaServerAuthenticationNotAllowed, "own connection");
    }

    private Task<ReadinessReport> CheckAsync(string provider = MachineScript.InBoxProvider, int authentication = 1)
    {
        var id = _script.AddMachine(new MachineScript { Provider = provider, Settings = [("AuthenticationType", (ushort)authentication)] });
        return _script.Host.CheckReadinessAsync(id, RecoveryPointSelector.Latest, CancellationToken.None);
    }
}
