using System.Security.Cryptography.X509Certificates;

namespace HostAgent.Transport.Tls;

/// <summary>The certificates that a peer has shown in the handshake, DER, its own first; kept for connections that are relayed.</summary>
internal sealed record PresentedCertificates(IReadOnlyList<byte[]> Certificates)
{
    /// <summary>How many are kept at most.</summary>
    public const int Most = 8;

    // What another server is told them by has room for this much.
    private const int MostBytes = 60_000;

    /// <summary>Copies what a handshake has shown.</summary>
    /// <param name="certificate">The peer's.</param>
    /// <param name="others">What it sent along, and what else the handshake had at hand.</param>
    /// <param name="authorities">The other server has its own.</param>
    /// <returns>Null when there is more than can be relayed: no authority of ours issues such certificates.</returns>
    public static PresentedCertificates? Of(X509Certificate2 certificate, X509Certificate2Collection others, IReadOnlyList<X509Certificate2> authorities)
    {
        var along = others.Where(other => !authorities.Any(authority => authority.RawDataMemory.Span.SequenceEqual(other.RawDataMemory.Span)));
        byte[][] certificates = [certificate.RawData, .. along.Select(other => other.RawData)];
        return certificates.Length <= Most && certificates.Sum(bytes => bytes.Length) <= MostBytes ? new(certificates) : null;
    }
}
