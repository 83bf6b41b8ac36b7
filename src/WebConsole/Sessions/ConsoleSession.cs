using System.Security.Claims;
using Grpc.Core;
using Grpc.Net.Client;
using HostAgent.Transport;
using HostAgent.Transport.InProcess;
using HostAgent.WebConsole.Security;
using Microsoft.AspNetCore.Components.Authorization;

namespace HostAgent.WebConsole.Sessions;

/// <summary>One open page of one person: who it is, and the coordinator's API in that person's name. It ends with the page.</summary>
public sealed class ConsoleSession : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly GrpcChannel _channel;
    private readonly PeerSession _session;
    private readonly TimeProvider _time;

    /// <summary>The session of the page that the framework makes this for.</summary>
    public ConsoleSession(AuthenticationStateProvider authentication, InProcessServer server, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(authentication);
        // The server's provider has the person before any component exists.
        var person = authentication.GetAuthenticationStateAsync();
        var principal = person.IsCompletedSuccessfully ? PeerPrincipalOf(person.Result.User) : null;
        if (principal is null)
        {
            throw new InvalidOperationException("The page was opened over a connection without a proved peer.");
        }

        ArgumentNullException.ThrowIfNull(server);
        (_session, _time) = (principal.Session, time);
        _channel = server.OpenChannel(principal.Session, principal.Remote);
        Campaigns = new(_channel);
        Hosts = new(_channel);
        Returns = new(_channel);
        Drills = new(_channel);
        Notifications = new(_channel);
    }

    /// <summary>Who looks at the page.</summary>
    public PeerIdentity Peer => _session.Peer;

    /// <summary>When the person's certificate expires.</summary>
    public DateTimeOffset ValidUntil => _session.ValidUntil;

    /// <summary>Whether the person's role gives orders. It decides what is shown; what is allowed is decided by the services.</summary>
    public bool CanAct => Peer.Role == PeerRole.Operator;

    /// <summary>Campaigns.</summary>
    public CampaignsApi.CampaignsClient Campaigns { get; }

    /// <summary>Hosts.</summary>
    public Hosts.HostsClient Hosts { get; }

    /// <summary>Returns of single machines.</summary>
    public Returns.ReturnsClient Returns { get; }

    /// <summary>Drills and proofs.</summary>
    public Drills.DrillsClient Drills { get; }

    /// <summary>Channels and dead letters.</summary>
    public Notifications.NotificationsClient Notifications { get; }

    /// <summary>How a call that is answered soon is made.</summary>
    public CallOptions Soon(CancellationToken cancellationToken = default) => Within(Patience, cancellationToken);

    /// <summary>How a call is made that may take so long.</summary>
    public CallOptions Within(TimeSpan patience, CancellationToken cancellationToken = default) => new(deadline: (_time.GetUtcNow() + patience).UtcDateTime, cancellationToken: cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _channel.Dispose();

    private static PeerPrincipal? PeerPrincipalOf(ClaimsPrincipal user) => user as PeerPrincipal;
}
