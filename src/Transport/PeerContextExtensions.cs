using Grpc.Core;
using Microsoft.AspNetCore.Http;

namespace HostAgent.Transport;

/// <summary>Tells a service who is calling.</summary>
public static class PeerContextExtensions
{
    /// <summary>The caller, by the certificate of its connection.</summary>
    /// <exception cref="RpcFailure">UNAUTHENTICATED: the call did not come through <see cref="MutualTlsListenExtensions.ListenMutualTls"/>.</exception>
    public static PeerIdentity GetPeer(this ServerCallContext context) => context.GetHttpContext().GetPeer();

    /// <inheritdoc cref="GetPeer(ServerCallContext)"/>
    public static PeerIdentity GetPeer(this HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Features.Get<PeerIdentity>()
            ?? throw new RpcFailure(StatusCode.Unauthenticated, "NO_CLIENT_CERTIFICATE", "the call came over a connection without a client certificate");
    }
}
