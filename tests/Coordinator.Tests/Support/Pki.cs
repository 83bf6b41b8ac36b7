using System.Net;
using HostAgent.Transport;
using HostAgent.Transport.Tls;

namespace HostAgent.Coordinator.Tests.Support;

/// <summary>An authority of a test's own, with the certificates of everybody in it.</summary>
internal sealed class Pki : IDisposable
{
    private readonly CertificateAuthority _authority = CertificateAuthority.Create("test", TimeProvider.System);
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("pki-");
    private readonly List<MutualTlsIdentity> _identities = [];

    public MutualTlsOptions Files(PeerRole role, string name) =>
        _authority.Issue(role, name, TimeSpan.FromHours(1), ipAddresses: [IPAddress.Loopback]).WriteTo(Path.Combine(_directory.FullName, $"{role}-{name}"));

    public MutualTlsIdentity Identity(PeerRole role, string name)
    {
        var identity = MutualTlsIdentity.Load(Files(role, name), TimeProvider.System);
        _identities.Add(identity);
        return identity;
    }

    public void Dispose()
    {
        _identities.ForEach(identity => identity.Dispose());
        _authority.Dispose();
        _directory.Delete(recursive: true);
    }
}
