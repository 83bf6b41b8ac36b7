using System.Net;
using System.Security.Claims;
using HostAgent.Transport.InProcess;

namespace HostAgent.WebConsole.Security;

/// <summary>The person at a browser, as the framework carries it from the connection to the pages. Nothing is decided by its claims: it holds the proved session itself.</summary>
internal sealed class PeerPrincipal(PeerSession session, IPEndPoint remote) : ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, session.Peer.Uri)], "certificate"))
{
    public PeerSession Session { get; } = session;

    public IPEndPoint Remote { get; } = remote;
}
