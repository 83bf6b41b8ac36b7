using Grpc.Core;
using HostAgent.Transport;

namespace HostAgent.Coordinator.Runs;

/// <summary>Who asks for something, and from where.</summary>
/// <param name="Name">The name in the certificate: what a gate's approvers are called, and what a campaign's history says.</param>
/// <param name="Actor">Who, by which certificate, as the audit has it: what the handshake has proved, and nothing that only stands in the certificate for people to read.</param>
/// <param name="Source">The address of the connection.</param>
internal sealed record Caller(string Name, string Actor, string Source)
{
    /// <summary>The caller of a method.</summary>
    public static Caller Of(ServerCallContext context)
    {
        var peer = context.GetPeer();
        return new Caller(peer.Name, peer.Actor, context.Peer);
    }
}
