using System.Security.Cryptography.X509Certificates;

namespace HostAgent.HyperV.Certificates;

/// <summary>Checks that only the machine holding the certificate can make: private key and chain trust.</summary>
public interface ICertificateTrust
{
    /// <summary>Checks a certificate in this machine's computer store. May download revocation lists.</summary>
    /// <param name="certificate">The certificate.</param>
    /// <param name="revocation">The revocation mode.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    Task<CertificateTrust> JudgeAsync(HostCertificate certificate, X509RevocationMode revocation, CancellationToken cancellationToken);
}

/// <summary>The result of checking one of the machine's certificates.</summary>
/// <param name="HasPrivateKey">Whether the machine has the private key; null when that is unknown.</param>
/// <param name="ChainProblems">Why the chain is not trusted, one sentence each; empty when it is trusted.</param>
public sealed record CertificateTrust(bool? HasPrivateKey, IReadOnlyList<string> ChainProblems);
