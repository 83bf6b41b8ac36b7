using System.Net;
using HostAgent.Transport;
using Microsoft.Extensions.Time.Testing;

namespace HostAgent.Certificates.Tests;

/// <summary>An authority with a clock of its own and a directory for what it writes.</summary>
internal sealed class AuthorityOnDisk : IDisposable
{
    public static readonly DateTimeOffset Start = new(2031, 5, 4, 3, 0, 0, TimeSpan.Zero);

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("certificates-tests-");

    public AuthorityOnDisk() => Authority = CertificateAuthority.Create("Test authority", Clock);

    public FakeTimeProvider Clock { get; } = new(Start);

    public CertificateAuthority Authority { get; }

    public string PathOf(string file) => Path.Combine(_directory.FullName, file);

    /// <summary>The files of a peer.</summary>
    public MutualTlsOptions Files(PeerRole role, string name)
        => Authority.Issue(role, name, TimeSpan.FromDays(1), ["localhost"], [IPAddress.Loopback]).WriteTo(_directory.FullName);

    public void Dispose()
    {
        Authority.Dispose();
        _directory.Delete(recursive: true);
    }
}
