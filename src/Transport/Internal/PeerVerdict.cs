namespace HostAgent.Transport.Internal;

/// <summary>What came of judging a peer's certificate: the peer, or why it is refused.</summary>
/// <param name="Peer">The peer; null when refused.</param>
/// <param name="Reason">Why refused, an UPPER_SNAKE_CASE word; empty when accepted.</param>
/// <param name="Explanation">Why refused, half a sentence for a person that names the certificate; empty when accepted.</param>
internal sealed record PeerVerdict(PeerIdentity? Peer, string Reason, string Explanation)
{
    public static PeerVerdict Accept(PeerIdentity peer) => new(peer, "", "");

    public static PeerVerdict Refuse(string reason, string explanation) => new(null, reason, explanation);
}
