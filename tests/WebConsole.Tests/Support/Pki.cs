using System.Net;
using System.Security.Cryptography.X509Certificates;
using HostAgent.Transport;
using HostAgent.Transport.Tls;

namespace HostAgent.WebConsole.Tests.Support;

/// <summary>An authority of a test's own, with the certificates of everybody in it.</summary>
internal sealed class Pki : IDisposable
{
    private readonly CertificateAuthority _authority = CertificateAuthority.Create("test", TimeProvider.System);
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("pki-");
    private readonly List<IDisposable> _issued = [];

    /// <summary>The deny list of the coordinator.</summary>
    public string Denied => Path.Combine(_directory.FullName, "denied.txt");

    public MutualTlsOptions Files(PeerRole role, string name, TimeSpan? validity = null)
        => _authority.Issue(role, name, validity ?? TimeSpan.FromHours(1), ipAddresses: [IPAddress.Loopback]).WriteTo(Path.Combine(_directory.FullName, $"{role}-{name}"));

    public MutualTlsIdentity Identity(PeerRole role, string name)
    {
        var identity = MutualTlsIdentity.Load(Files(role, name), TimeProvider.System);
        _issued.Add(identity);
        return identity;
    }

    /// <summary>A certificate with its key, as a browser has it.</summary>
    public X509Certificate2 Certificate(PeerRole role, string name, TimeSpan? validity = null)
    {
        var files = Files(role, name, validity);
        using var pem = X509Certificate2.CreateFromPemFile(files.CertificatePath!, files.PrivateKeyPath!);
        var certificate = X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null);
        _issued.Add(certificate);
        return certificate;
    }

    /// <summary>Whether a server's certificate is the coordinator's.</summary>
    public static bool IsCoordinators(X509Certificate? shown)
        => shown is X509Certificate2 certificate && PeerIdentity.FromCertificate(certificate) is { Role: PeerRole.Coordinator, Name: "coordinator" };

    public void Dispose()
    {
        _issued.ForEach(issued => issued.Dispose());
        _authority.Dispose();
        _directory.Delete(recursive: true);
    }
}
