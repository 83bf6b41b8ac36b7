using Grpc.Core;
using HostAgent.Transport;

namespace HostAgent.Coordinator.Runs;

/// <summary>Who asks for something, and from where.</summary>
/// <param name="Name">The name in the certificate: what a gate's approvers are called, and what a campaign's history says.</param>
/// <param name="Subject">The subject of the certificate, for the audit.</param>
/// <param name="Source">The address of the connection.</param>
internal sealed record Caller(string Name, string Subject, string Source)
{
    /// <summary>The caller of a method.</summary>
    public static Caller Of(ServerCallContext context)
    {
        var peer = context.GetPeer();
        return new Caller(peer.Name, peer.Subject, context.Peer);
    }
}
