using System.Collections.Concurrent;
using System.Globalization;
using Grpc.Core;

namespace HostAgent.Transport.Edge;

/// <summary>Counts the connections and calls of each peer, so that one peer cannot use up the server.</summary>
/// <param name="limits">How much each may have.</param>
internal sealed class PeerQuotas(EdgeLimits limits)
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<string, Use> _uses = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Counts a connection until it is left.</summary>
    /// <returns>Why its calls are refused; null when there is room for it.</returns>
    public RpcFailure? EnterConnection(PeerIdentity peer) => Interlocked.Increment(ref UseOf(peer).Connections) > limits.MaxConnectionsPerPeer
        ? Refusal(peer, "TOO_MANY_CONNECTIONS", limits.MaxConnectionsPerPeer, "connections open")
        : null;

    /// <summary>Ends what <see cref="EnterConnection"/> began.</summary>
    public void LeaveConnection(PeerIdentity peer) => Interlocked.Decrement(ref UseOf(peer).Connections);

    /// <summary>Counts a call until it is left.</summary>
    /// <returns>Why it is refused, and then it was not counted; null when there is room for it.</returns>
    /// <param name="peer">Who calls.</param>
    /// <param name="method">The method.</param>
    /// <param name="mostOfMethod">How many calls of it each peer may have running; null for no limit of its own.</param>
    public RpcFailure? EnterCall(PeerIdentity peer, string method, int? mostOfMethod)
    {
        var use = UseOf(peer);
        if (Interlocked.Increment(ref use.Calls) > limits.MaxCallsPerPeer)
        {
            Interlocked.Decrement(ref use.Calls);
            return Refusal(peer, "TOO_MANY_CALLS", limits.MaxCallsPerPeer, "calls running");
        }

        if (mostOfMethod is { } most && use.OfMethod.AddOrUpdate(method, 1, static (_, count) => count + 1) > most)
        {
            LeaveCall(peer, method, mostOfMethod);
            return Refusal(peer, "TOO_MANY_CALLS", most, $"calls of {method} running");
        }

        return null;
    }

    /// <summary>Ends what <see cref="EnterCall"/> began.</summary>
    public void LeaveCall(PeerIdentity peer, string method, int? mostOfMethod)
    {
        var use = UseOf(peer);
        Interlocked.Decrement(ref use.Calls);
        if (mostOfMethod is not null)
        {
            use.OfMethod.AddOrUpdate(method, 0, static (_, count) => count - 1);
        }
    }

    // As many as there are identities, which is what the authority has issued; none is ever removed.
    private Use UseOf(PeerIdentity peer) => _uses.GetOrAdd(peer.Uri, static _ => new Use());

    private static RpcFailure Refusal(PeerIdentity peer, string reason, int most, string what)
        => new(StatusCode.ResourceExhausted, reason, string.Create(CultureInfo.InvariantCulture, $"{peer.Uri} already has {most} {what}, the maximum for one peer"))
        {
            RetryDelay = RetryAfter,
            Metadata = new Dictionary<string, string>(StringComparer.Ordinal) { ["peer"] = peer.Uri, ["limit"] = most.ToString(CultureInfo.InvariantCulture) },
        };

    private sealed class Use
    {
        // Fields, because they are counted by Interlocked.
        public int Connections;
        public int Calls;

        public ConcurrentDictionary<string, int> OfMethod { get; } = new(StringComparer.Ordinal);
    }
}
