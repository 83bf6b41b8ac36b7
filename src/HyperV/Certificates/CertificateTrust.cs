namespace HostAgent.HyperV.Certificates;

/// <summary>What a machine says of one of its certificates.</summary>
/// <param name="HasPrivateKey">Whether it has the private key; null where it cannot tell.</param>
/// <param name="ChainProblems">Why it does not trust the certificate's chain, one sentence each; empty when it does.</param>
public sealed record CertificateTrust(bool? HasPrivateKey, IReadOnlyList<string> ChainProblems);
