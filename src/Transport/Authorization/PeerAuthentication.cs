using System.Runtime.CompilerServices;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;

namespace HostAgent.Transport.Authorization;

/// <summary>Turns the identity that the TLS handshake has proved into a user with one role.</summary>
internal sealed class PeerAuthentication : IAuthenticationHandler
{
    public const string Scheme = "MutualTls";

    // One user for each connection, not for each call: all calls of a connection have the identity that its handshake has proved.
    private static readonly ConditionalWeakTable<PeerIdentity, Task<AuthenticateResult>> Known = [];

    private HttpContext? _context;

    public Task InitializeAsync(AuthenticationScheme scheme, HttpContext context)
    {
        _context = context;
        return Task.CompletedTask;
    }

    public Task<AuthenticateResult> AuthenticateAsync()
    {
        if (_context?.Features.Get<PeerIdentity>() is not { } peer)
        {
            return Task.FromResult(AuthenticateResult.NoResult());
        }

        return Known.GetValue(peer, static proved => Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(
            new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, proved.Uri), new Claim(ClaimTypes.Role, proved.Role.ToName())], Scheme)), Scheme))));
    }

    // RefusedCalls writes every refusal, so neither of these is ever asked for.
    public Task ChallengeAsync(AuthenticationProperties? properties) => throw new NotSupportedException("A certificate cannot be asked for after the handshake.");

    public Task ForbidAsync(AuthenticationProperties? properties) => throw new NotSupportedException("Refusals are written by the authorization result handler.");
}
