using System.Text.Json;

namespace HostAgent.Conformance.Peers;

/// <summary>One line that a peer writes. A server writes its port first and then events; a client writes one result for each case.</summary>
/// <param name="Port">Where a server listens.</param>
/// <param name="Event">What a server noticed: <c>cancelled</c>, the caller left before the call was answered.</param>
/// <param name="Case">Which case a result or an event belongs to.</param>
/// <param name="Passed">Whether a client's case passed.</param>
/// <param name="Detail">Why it did not.</param>
internal sealed record PeerLine(int? Port, string? Event, string? Case, bool? Passed, string? Detail)
{
    public static PeerLine Parse(string line) => JsonSerializer.Deserialize<PeerLine>(line, JsonSerializerOptions.Web)!;
}
