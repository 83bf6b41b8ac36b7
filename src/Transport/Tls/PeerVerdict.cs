using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace HostAgent.Transport.Tls;

/// <summary>What came of judging a peer's certificate: the peer, or why it is refused.</summary>
/// <param name="Proven">The peer; null when refused.</param>
/// <param name="Reason">Why refused, an UPPER_SNAKE_CASE word; empty when accepted.</param>
/// <param name="Explanation">Why refused, half a sentence for a person that names the certificate; empty when accepted.</param>
internal sealed record PeerVerdict(ProvenPeer? Proven, string Reason, string Explanation)
{
    public PeerIdentity? Peer => Proven?.Identity;

    public static PeerVerdict Accept(ProvenPeer peer) => new(peer, "", "");

    public static PeerVerdict Refuse(string reason, string explanation) => new(null, reason, explanation);
}

/// <summary>A peer whose certificate was accepted, with what a later look at its connection needs.</summary>
/// <param name="Identity">Who.</param>
/// <param name="ValidUntil">The end of its certificate or of an authority above it, whichever is first.</param>
/// <param name="PublicKeys">The fingerprints of its public key and of those of the authorities between it and ours.</param>
internal sealed record ProvenPeer(PeerIdentity Identity, DateTimeOffset ValidUntil, IReadOnlyList<string> PublicKeys)
{
    /// <summary>The SHA-256 of a SubjectPublicKeyInfo, in upper-case hexadecimal digits.</summary>
    public static string Fingerprint(PublicKey key) => Convert.ToHexString(SHA256.HashData(key.ExportSubjectPublicKeyInfo()));
}
