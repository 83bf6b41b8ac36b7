using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Cim.Xml;
using HostAgent.HyperV.Failback;
using HostAgent.HyperV.Replication;
using HostAgent.HyperV.Services;
using HostAgent.HyperV.Tests.Scripted;
using HostAgent.HyperV.VirtualMachines;

namespace HostAgent.HyperV.Tests.Services;

/// <summary>Calls of the replication service other than InitiateFailback.</summary>
public sealed class ServiceCallTests
{
    private readonly ScriptedHost _script = new();

    [Fact]
    public async Task Providers_are_listed_and_the_in_box_one_is_known_by_its_name()
    {
        var providers = await _script.Host.ListReplicationProvidersAsync(CancellationToken.None);
        providers.Count.ShouldBe(2);
        var inBox = providers.Single(provider => provider.IsInBox);
        inBox.Name.ShouldBe(ReplicationProviderPath.InBoxProvider);
        inBox.InstanceId.ShouldBe($@"Microsoft:{ScriptedHost.Name}\ReplicationProvider\{ReplicationProviderPath.InBoxProvider}");
    }

    [Fact]
    public async Task Statistics_are_read_with_every_property()
    {
        var id = AddStatistics(new string[] { CimXmlText.Write(Statistics) });
        var answer = (await _script.Host.GetReplicationStatisticsAsync(id, CancellationToken.None)).ShouldNotBeNull();
        answer.Code.ShouldBe(ReturnCode.Completed);
        answer.Intervals.ShouldHaveSingleItem().ShouldBe(new ReplicationStatistics
        {
            Start = ScriptedHost.Now.AddHours(-12),
            End = ScriptedHost.Now,
            SuccessCount = 140,
            ReplicatedBytes = 9_000_000_000,
            LargestReplicationBytes = 1_000_000_000,
            TotalLatency = TimeSpan.FromMinutes(30),
            LongestLatency = TimeSpan.FromMinutes(1),
            MissCount = 4,
            NetworkFailureCount = 3,
            ReplicationFailureCount = 2,
            PendingBytes = 5_000,
            ApplicationConsistentFailureCount = 1,
            Health = ReplicationHealth.Warning,
            LastTestFailoverTime = null,
        });
        answer.HealthIssues.ShouldHaveSingleItem().Message.ShouldBe("more than 20 % of cycles missed");
        var relationship = CimXmlText.Read((string)_script.Session.LastInputs!["ReplicationRelationship"]!);
        relationship["InstanceID"].ShouldBe($@"Microsoft:{id}\HVR\0");
    }

    [Fact]
    public async Task Statistics_handed_out_as_instances_are_read_too()
        => (await _script.Host.GetReplicationStatisticsAsync(AddStatistics(new[] { Statistics }), CancellationToken.None))
            .ShouldNotBeNull().Intervals.ShouldHaveSingleItem().SuccessCount.ShouldBe(140);

    [Fact]
    public async Task A_machine_without_replication_has_no_statistics()
        => (await _script.Host.GetReplicationStatisticsAsync(_script.AddMachine(new MachineScript { State = null }), CancellationToken.None)).ShouldBeNull();

    [Fact]
    public async Task A_connection_out_of_range_is_refused_before_the_host_is_asked()
    {
        var connection = new ReplicaConnection("hv-east-01", 70_000, AuthenticationType.Kerberos, CertificateThumbPrint: null, BypassProxyServer: false);
        await Should.ThrowAsync<ArgumentOutOfRangeException>(() => _script.Host.TestReplicationConnectionAsync(connection, CancellationToken.None));
        _script.Session.Calls.ShouldBeEmpty();
    }

    private static CimInstance Statistics => new(path: null, "Msvm_ReplicationStatistics",
    [
        new("StartStatisticTime", ScriptedHost.Now.AddHours(-12)),
        new("EndStatisticTime", ScriptedHost.Now),
        new("ReplicationSuccessCount", 140u),
        new("ReplicationSize", 9_000_000_000ul),
        new("MaxReplicationSize", 1_000_000_000ul),
        new("ReplicationLatency", 1800u),
        new("MaxReplicationLatency", 60u),
        new("ReplicationMissCount", 4u),
        new("NetworkFailureCount", 3u),
        new("ReplicationFailureCount", 2u),
        new("PendingReplicationSize", 5_000ul),
        new("ApplicationConsistentSnapshotFailureCount", 1u),
        new("ReplicationHealth", 2u),
        new("LastTestFailoverTime", null),
    ]);

    private VirtualMachineId AddStatistics(object statistics)
    {
        var issue = CimXmlText.Write(new CimInstance(path: null, "Msvm_Error", [new("Message", "more than 20 % of cycles missed")]));
        _script.Session.OnMethod(HyperVClasses.ReplicationService, "GetReplicationStatisticsEx", (_, _) => new CimMethodResult(0, new Dictionary<string, object?>
        {
            ["ReplicationStatistics"] = statistics,
            ["ReplicationHealthIssues"] = new[] { issue },
        }));
        return _script.AddMachine(new MachineScript());
    }
}
