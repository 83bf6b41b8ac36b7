using System.Net;
using HostAgent.Transport;
using HostAgent.Transport.InProcess;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace HostAgent.WebConsole.Security;

/// <summary>
/// What every request of a browser passes first: its certificate has to have the role of a person, and what a page of another site makes the browser send, with the person's
/// certificate, is refused. Every response tells the browser what a page of the console may load, and that no other page may embed it.
/// </summary>
internal sealed partial class BrowserGate(OpenPages pages, SampledLog sampled, ILogger<BrowserGate> log)
{
    /// <summary>Where the framework's script connects.</summary>
    private const string Hub = "/_blazor";

    // Nothing but the console's own files, no script and no style within a page.
    private const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";

    private static readonly PeerRole[] People = [PeerRole.Operator, PeerRole.Viewer];

    /// <summary>Lets a request through, or answers it with why not.</summary>
    public Task PassAsync(HttpContext context, RequestDelegate next)
    {
        Protect(context.Response.Headers);
        var session = PeerSession.Of(context);
        if (session.Refusal is { } refusal)
        {
            return RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, refusal.Message);
        }

        if (Array.IndexOf(People, session.Peer.Role) < 0)
        {
            sampled.Write($"console|{session.Peer.Uri}", $"Refused {session.Peer.Actor} access to the console (ROLE_NOT_ALLOWED)", text => LogRefused(log, text));
            return RefuseAsync(context, StatusCodes.Status403Forbidden, $"{session.Peer.Uri} may not use the console: its role is {session.Peer.Role.ToName()}, allowed are operator, viewer.");
        }

        if (ForeignOrigin(context) is { } foreign)
        {
            sampled.Write($"console-origin|{session.Peer.Uri}", $"Refused a request of {session.Peer.Actor} to the console: {foreign}", text => LogRefused(log, text));
            return RefuseAsync(context, StatusCodes.Status403Forbidden, foreign);
        }

        var remote = new IPEndPoint(context.Connection.RemoteIpAddress ?? IPAddress.None, context.Connection.RemotePort);
        context.User = new PeerPrincipal(session, remote);
        return context.Request.Path.Equals(Hub, StringComparison.Ordinal) ? CountAsync(context, next, session.Peer) : next(context);
    }

    private static void Protect(IHeaderDictionary headers)
    {
        headers.ContentSecurityPolicy = ContentSecurityPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=(), usb=()";
        headers.CacheControl = "no-store";
    }

    // A browser sends the person's certificate with whatever any page makes it send. It names that page's origin with each WebSocket and with each request that can change something.
    private static string? ForeignOrigin(HttpContext context)
    {
        var request = context.Request;
        var own = $"https://{request.Host.Value}";
        var origin = request.Headers.Origin.ToString();
        if (origin.Length > 0)
        {
            return string.Equals(origin, own, StringComparison.OrdinalIgnoreCase) ? null : $"The request came from a page of '{origin}'; allowed are pages of '{own}'.";
        }

        return IsConnection(context) || !(HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
            ? $"The request names no page that it came from; allowed are pages of '{own}'."
            : null;
    }

    private static bool IsConnection(HttpContext context)
        => IsWebSocket(context) || context.Request.Path.Equals(Hub, StringComparison.Ordinal);

    private static bool IsWebSocket(HttpContext context)
        => context.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true, Protocol: "websocket" }
            || string.Equals(context.Request.Headers.Upgrade, "websocket", StringComparison.OrdinalIgnoreCase);

    private async Task CountAsync(HttpContext context, RequestDelegate next, PeerIdentity peer)
    {
        // The framework's other transports keep a page alive without a connection that can be closed.
        if (!IsWebSocket(context))
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest, "Pages of the console are kept by a WebSocket, and by nothing else.").ConfigureAwait(false);
            return;
        }

        if (pages.TryOpen(peer) is { } full)
        {
            await RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, full).ConfigureAwait(false);
            return;
        }

        try
        {
            await next(context).ConfigureAwait(false);
        }
        finally
        {
            pages.Close(peer);
        }
    }

    private static Task RefuseAsync(HttpContext context, int status, string text)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(text + "\n", context.RequestAborted);
    }

    [LoggerMessage(4030, LogLevel.Warning, "{Text}")]
    private static partial void LogRefused(ILogger logger, string text);
}
