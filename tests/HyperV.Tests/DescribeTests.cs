using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Tests.Scripted;

namespace HostAgent.HyperV.Tests;

public sealed class DescribeTests
{
    private readonly ScriptedHost _script = new();

    [Fact]
    public async Task The_host_is_described_from_its_service_and_settings()
    {
        _script.Session.Add(new CimInstance(null, HyperVClasses.ReplicationServiceSettingData,
        [
            new("RecoveryServerEnabled", true), new("AllowedAuthenticationType", (ushort)3), new("HttpPort", (ushort)80),
            new("HttpsPort", (ushort)443), new("MonitoringInterval", 43200U),
        ]));
        (await _script.Host.DescribeAsync(CancellationToken.None))
            .ShouldBe(new HostStatus(ScriptedHost.Name, true, true, 3, 80, 443, TimeSpan.FromHours(12)));
        _script.Session.Calls.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Without_a_service_nothing_else_is_claimed()
    {
        _script.Session.Remove(ScriptedHost.ServicePath);
        (await _script.Host.DescribeAsync(CancellationToken.None)).ShouldBe(new HostStatus(null, false, null, null, null, null, null));
    }
}
