using Microsoft.AspNetCore.Authorization;

namespace HostAgent.Transport;

/// <summary>
/// Says which roles may call a method of a gRPC service. Put it on the method that overrides the generated one, or on the service for
/// all of its methods; with both, a caller needs a role of each. A method without it is refused to everybody.
/// </summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method, AllowMultiple = false)]
public sealed class AuthorizeRolesAttribute : AuthorizeAttribute
{
    /// <summary>Allows some roles.</summary>
    /// <param name="allowed">The roles; at least one.</param>
    /// <exception cref="ArgumentException">No role is given.</exception>
    public AuthorizeRolesAttribute(params PeerRole[] allowed)
    {
        ArgumentNullException.ThrowIfNull(allowed);
        if (allowed.Length == 0)
        {
            throw new ArgumentException("At least one role is required. To refuse a method to everybody, leave the attribute out.", nameof(allowed));
        }

        Allowed = allowed;
        Roles = string.Join(',', allowed.Select(role => role.ToName()));
    }

    /// <summary>The roles.</summary>
    public IReadOnlyList<PeerRole> Allowed { get; }
}

/// <summary>Limits how many calls of a costly method one peer may have running at once; one more is refused with RESOURCE_EXHAUSTED (TOO_MANY_CALLS).</summary>
/// <param name="perPeer">How many calls; at least 1.</param>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = false)]
public sealed class MaxConcurrentCallsAttribute(int perPeer) : Attribute
{
    /// <summary>How many calls one peer may have running at once.</summary>
    public int PerPeer { get; } = perPeer >= 1 ? perPeer : throw new ArgumentOutOfRangeException(nameof(perPeer), perPeer, "At least one call must be allowed.");
}
