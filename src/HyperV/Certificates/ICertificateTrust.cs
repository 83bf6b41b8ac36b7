using System.Security.Cryptography.X509Certificates;

namespace HostAgent.HyperV.Certificates;

/// <summary>What only the machine that has a certificate can tell of it: whether it has the private key, and whether it trusts the chain.</summary>
public interface ICertificateTrust
{
    /// <summary>Judges a certificate of this machine's computer store. May ask for revocation lists over the network.</summary>
    /// <param name="certificate">The certificate.</param>
    /// <param name="revocation">How far revocation is looked into.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<CertificateTrust> JudgeAsync(HostCertificate certificate, X509RevocationMode revocation, CancellationToken cancellationToken);
}

/// <summary>What a machine says of one of its certificates.</summary>
/// <param name="HasPrivateKey">Whether it has the private key; null where it cannot tell.</param>
/// <param name="ChainProblems">Why it does not trust the certificate's chain, one sentence each; empty when it does.</param>
public sealed record CertificateTrust(bool? HasPrivateKey, IReadOnlyList<string> ChainProblems);
