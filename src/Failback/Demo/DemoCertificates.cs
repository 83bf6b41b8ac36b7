using System.Net;
using HostAgent.Certificates;
using HostAgent.Transport;

namespace HostAgent.Failback.Demo;

/// <summary>An authority for one demo, and certificates from it for all participants.</summary>
internal sealed class DemoCertificates : IDisposable
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(7);

    private readonly CertificateAuthority _authority;
    private readonly string _directory;

    /// <summary>Creates the authority and the operator's certificate.</summary>
    public DemoCertificates(string directory, TimeProvider time)
    {
        _directory = directory;
        _authority = CertificateAuthority.Create("Failback demo", time, Lifetime + TimeSpan.FromDays(1));
        Operator = _authority.Issue(PeerRole.Operator, DemoDocuments.Operator, Lifetime).WriteTo(directory);
    }

    public MutualTlsOptions Operator { get; }

    /// <summary>Issues a certificate for an agent or a coordinator on this machine.</summary>
    public MutualTlsOptions Issue(PeerRole role, string name)
        => _authority.Issue(role, name, Lifetime, ["localhost"], [IPAddress.Loopback]).WriteTo(_directory);

    /// <summary>Releases the authority's key, which was never written to disk.</summary>
    public void Dispose() => _authority.Dispose();
}
