using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Infrastructure;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Http;

namespace HostAgent.Transport.Authorization;

/// <summary>
/// Judges a call by the role that the TLS handshake has proved. There are no schemes, claims or handlers to ask: the framework's own evaluator
/// costs more than the rest of a small call.
/// </summary>
internal sealed class RoleEvaluator : IPolicyEvaluator
{
    private static readonly Task<AuthenticateResult> NoUser = Task.FromResult(AuthenticateResult.NoResult());
    private static readonly Task<PolicyAuthorizationResult> Allowed = Task.FromResult(PolicyAuthorizationResult.Success());
    private static readonly Task<PolicyAuthorizationResult> Refused = Task.FromResult(PolicyAuthorizationResult.Forbid());

    // The framework keeps one policy for each endpoint.
    private readonly ConditionalWeakTable<AuthorizationPolicy, PeerRole[]> _roles = [];

    /// <summary>
    /// The roles that a policy allows. Service and method may both require some, and a caller needs a role of each. A policy without roles,
    /// or with a requirement of another kind, such as the fallback policy, allows nobody.
    /// </summary>
    public static PeerRole[] RolesOf(AuthorizationPolicy policy)
    {
        var required = policy.Requirements.OfType<RolesAuthorizationRequirement>().ToList();
        return required.Count == 0 || required.Count < policy.Requirements.Count
            ? []
            : [.. Enum.GetValues<PeerRole>().Where(role => required.TrueForAll(requirement => requirement.AllowedRoles.Contains(role.ToName(), StringComparer.Ordinal)))];
    }

    /// <summary>Makes no user: everything that asks who calls asks for the peer.</summary>
    public Task<AuthenticateResult> AuthenticateAsync(AuthorizationPolicy policy, HttpContext context) => NoUser;

    public Task<PolicyAuthorizationResult> AuthorizeAsync(AuthorizationPolicy policy, AuthenticateResult authenticationResult, HttpContext context, object? resource)
        => context.Features.Get<PeerIdentity>() is { } peer && Array.IndexOf(_roles.GetValue(policy, RolesOf), peer.Role) >= 0 ? Allowed : Refused;
}
