using System.Net;
using HostAgent.Transport.Tls;
using Microsoft.Extensions.Time.Testing;

namespace HostAgent.Transport.Tests.Fixtures;

/// <summary>A certificate authority with a clock of its own and a directory for what it writes.</summary>
internal sealed class Pki : IDisposable
{
    public static readonly DateTimeOffset Start = new(2031, 5, 4, 3, 0, 0, TimeSpan.Zero);

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("transport-tests-");
    private readonly List<MutualTlsIdentity> _identities = [];

    public Pki(string name = "Test authority") => Authority = CertificateAuthority.Create(name, Clock);

    public FakeTimeProvider Clock { get; } = new(Start);

    public CertificateAuthority Authority { get; }

    public string PathOf(string file) => Path.Combine(_directory.FullName, file);

    public MutualTlsOptions Files(PeerRole role, string name, TimeSpan? lifetime = null)
        => Authority.Issue(role, name, lifetime ?? TimeSpan.FromDays(1), ["localhost"], [IPAddress.Loopback]).WriteTo(_directory.FullName);

    /// <summary>An identity that trusts this authority, or <paramref name="trusting"/> when given, and reads <paramref name="clock"/>.</summary>
    public MutualTlsIdentity Identity(PeerRole role, string name, Pki? trusting = null, TimeProvider? clock = null)
    {
        var options = Files(role, name);
        var identity = MutualTlsIdentity.Load(options, clock ?? Clock);
        if (trusting is not null)
        {
            // No loaded identity distrusts its own authority; one that is made by hand can.
            identity = new MutualTlsIdentity(identity.Certificate, [], [.. trusting.Authorities()], identity.Peer, clock ?? Clock);
        }

        _identities.Add(identity);
        return identity;
    }

    /// <summary>An identity that reads a deny list.</summary>
    public MutualTlsIdentity Identity(PeerRole role, string name, string deniedPath)
    {
        var options = Files(role, name);
        options.DeniedPath = deniedPath;
        var identity = MutualTlsIdentity.Load(options, Clock);
        _identities.Add(identity);
        return identity;
    }

    public void Dispose()
    {
        foreach (var identity in _identities)
        {
            identity.Dispose();
        }

        Authority.Dispose();
        _directory.Delete(recursive: true);
    }

    private IEnumerable<System.Security.Cryptography.X509Certificates.X509Certificate2> Authorities()
        => [System.Security.Cryptography.X509Certificates.X509Certificate2.CreateFromPem(Authority.CertificatePem)];
}
