using HostAgent.HyperV.Certificates;

namespace HostAgent.HyperV.Readiness.Internal;

/// <summary>What is known of the certificate that the machine's replication authenticates with.</summary>
internal sealed record CertificateFacts
{
    /// <summary>Why there is no certificate to look at, in words; null when there was one to look for.</summary>
    public string? NotJudged { get; init; }

    /// <summary>The thumbprint looked for.</summary>
    public string Thumbprint { get; init; } = string.Empty;

    /// <summary>The certificate of that thumbprint; null when the host does not have it.</summary>
    public HostCertificate? Certificate { get; init; }

    /// <summary>How many certificates the host told.</summary>
    public int Told { get; init; }

    /// <summary>How many of them could not be read.</summary>
    public int Unreadable { get; init; }

    /// <summary>What the machine itself says of the certificate; null where it is not asked.</summary>
    public CertificateTrust? Trust { get; init; }

    public static CertificateFacts NotLookedAt(string why) => new() { NotJudged = why };
}
