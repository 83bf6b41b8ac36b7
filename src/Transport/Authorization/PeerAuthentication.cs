using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;

namespace HostAgent.Transport.Authorization;

/// <summary>Turns the identity that the TLS handshake has proved into a user with one role.</summary>
internal sealed class PeerAuthentication : IAuthenticationHandler
{
    public const string Scheme = "MutualTls";

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

        var identity = new ClaimsIdentity([new Claim(ClaimTypes.Name, peer.Uri), new Claim(ClaimTypes.Role, peer.Role.ToName())], Scheme);
        return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), Scheme)));
    }

    // RefusedCalls writes every refusal, so neither of these is ever asked for.
    public Task ChallengeAsync(AuthenticationProperties? properties) => throw new NotSupportedException("A certificate cannot be asked for after the handshake.");

    public Task ForbidAsync(AuthenticationProperties? properties) => throw new NotSupportedException("Refusals are written by the authorization result handler.");
}
