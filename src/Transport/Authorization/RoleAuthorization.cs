using System.Collections.Frozen;
using Grpc.Core;

namespace HostAgent.Transport.Authorization;

/// <summary>The rule of authorisation: a method's roles, or nobody.</summary>
internal sealed class RoleAuthorization(FrozenDictionary<string, PeerRole[]> rolesByMethod)
{
    /// <summary>The refusal of a call; null when it is allowed.</summary>
    /// <param name="peer">Who calls.</param>
    /// <param name="method">The full name, <c>/package.Service/Method</c>.</param>
    public RpcFailure? Refuse(PeerIdentity peer, string method)
    {
        if (!rolesByMethod.TryGetValue(method, out var roles))
        {
            return Refusal("METHOD_NOT_ALLOWED", $"{method} is open to no role", "");
        }

        if (Array.IndexOf(roles, peer.Role) >= 0)
        {
            return null;
        }

        var allowed = string.Join(", ", roles.Select(Word));
        return Refusal("ROLE_NOT_ALLOWED", $"{peer.Uri} may not call {method}: the role {Word(peer.Role)} is not among {allowed}", allowed);

        RpcFailure Refusal(string reason, string message, string allowedRoles) => new(StatusCode.PermissionDenied, reason, message)
        {
            Metadata = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["method"] = method,
                ["role"] = Word(peer.Role),
                ["peer"] = peer.Uri,
                ["allowed_roles"] = allowedRoles,
            },
        };
    }

    private static string Word(PeerRole role) => role.ToString().ToLowerInvariant();
}
