using System.Net;
using System.Security.Cryptography.X509Certificates;
using HostAgent.Transport;
using HostAgent.Transport.Tls;

namespace HostAgent.Conformance.Security;

/// <summary>The authority of a test run with one server's and one client's certificate, in a folder that goes with it.</summary>
internal sealed class ConformancePki : IDisposable
{
    public const string ServerName = "hv-conformance";

    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("conformance-");
    private readonly CertificateAuthority _authority = CertificateAuthority.Create("Conformance authority", TimeProvider.System);

    public ConformancePki()
    {
        ServerFiles = _authority.Issue(PeerRole.Agent, ServerName, Lifetime, ["localhost"], [IPAddress.Loopback]).WriteTo(_directory.FullName);
        ClientFiles = _authority.Issue(PeerRole.Coordinator, "conformance", Lifetime).WriteTo(_directory.FullName);
        Server = MutualTlsIdentity.Load(ServerFiles, TimeProvider.System);
        Client = MutualTlsIdentity.Load(ClientFiles, TimeProvider.System);
        Authority = X509CertificateLoader.LoadCertificateFromFile(ServerFiles.AuthorityPath!);
    }

    public MutualTlsOptions ServerFiles { get; }

    public MutualTlsOptions ClientFiles { get; }

    public MutualTlsIdentity Server { get; }

    public MutualTlsIdentity Client { get; }

    public X509Certificate2 Authority { get; }

    public void Dispose()
    {
        Server.Dispose();
        Client.Dispose();
        Authority.Dispose();
        _authority.Dispose();
        _directory.Delete(recursive: true);
    }
}
