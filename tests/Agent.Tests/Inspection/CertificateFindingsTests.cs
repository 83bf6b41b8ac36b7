using HostAgent.Agent.Inspection;
using HostAgent.Agent.Tests.Support;
using HostAgent.Transport;
using HostAgent.Transport.Tls;
using Microsoft.Extensions.Time.Testing;

namespace HostAgent.Agent.Tests.Inspection;

/// <summary>A certificate that is about to end, or is not this host's, is told before callers refuse it.</summary>
public sealed class CertificateFindingsTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 11, 22, 3, 0, 0, TimeSpan.Zero);

    private readonly TemporaryDirectory _directory = new();
    private readonly FakeTimeProvider _time = new(Start);
    private readonly CertificateAuthority _authority;

    public CertificateFindingsTests() => _authority = CertificateAuthority.Create("test authority", _time, TimeSpan.FromDays(1000));

    public void Dispose()
    {
        _authority.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public void Certificate_of_the_host_says_whose_it_is_and_how_long_it_lasts() => Lines(TimeSpan.FromDays(365)).ShouldBe(
    [
        "OK      certificate: failback://agent/hv-01 ('CN=hv-01, OU=agent'), valid until 2027-11-22 03:00:00Z, for another 365 days",
        "OK      authority: 'CN=test authority', valid until 2029-08-18 03:00:00Z, for another 1000 days",
    ]);

    [Theory]
    [InlineData(365, 351, "OK      ", "14 days")]
    [InlineData(365, 352, "WARNING ", "13 days: renew it")]
    [InlineData(365, 364, "WARNING ", "24 h: renew it")]
    [InlineData(7, 1, "OK      ", "6 days")]
    [InlineData(7, 4, "OK      ", "3 days")]
    [InlineData(7, 5, "WARNING ", "2 days: renew it")]
    public void Certificate_near_its_end_is_a_warning_and_a_short_one_by_its_own_length(int lifetimeDays, int daysLater, string level, string left)
    {
        var line = Lines(TimeSpan.FromDays(lifetimeDays), later: TimeSpan.FromDays(daysLater))[0];

        line.ShouldStartWith(level);
        line.ShouldEndWith($", for another {left}");
    }

    [Fact]
    public void Authority_near_its_end_is_a_warning()
        => Lines(TimeSpan.FromDays(999), later: TimeSpan.FromDays(990))[1].ShouldBe("WARNING authority: 'CN=test authority', valid until 2029-08-18 03:00:00Z, for another 10 days: renew it");

    [Fact]
    public void Certificate_of_another_host_fails() => Lines(TimeSpan.FromDays(365), host: "hv-02")[0]
        .ShouldBe("FAILED  certificate: 'CN=hv-01, OU=agent' is that of failback://agent/hv-01, but the host is 'hv-02' (HostAgent:Host): an agent needs the certificate of its own host");

    [Fact]
    public void Case_of_the_hosts_name_does_not_matter() => Lines(TimeSpan.FromDays(365), host: "HV-01")[0].ShouldStartWith("OK ");

    [Theory]
    [InlineData(PeerRole.Coordinator)]
    [InlineData(PeerRole.Operator)]
    public void Certificate_of_another_role_fails(PeerRole role)
        => Lines(TimeSpan.FromDays(365), role: role)[0].ShouldContain($"is that of failback://{role.ToString().ToLowerInvariant()}/hv-01, which does not have the role agent");

    private List<string> Lines(TimeSpan lifetime, string host = "hv-01", PeerRole role = PeerRole.Agent, TimeSpan later = default)
    {
        using var identity = MutualTlsIdentity.Load(_authority.Issue(role, "hv-01", lifetime).WriteTo(_directory.Path), _time);
        return [.. CertificateFindings.Of(identity, host, Start + later).Select(finding => finding.ToString())];
    }
}
