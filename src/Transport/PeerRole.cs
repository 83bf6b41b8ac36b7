namespace HostAgent.Transport;

/// <summary>What a peer is allowed to be. It comes from the peer's certificate and from nowhere else.</summary>
public enum PeerRole
{
    /// <summary>The process on one Hyper-V host. The peer's name is the host's name.</summary>
    Agent,

    /// <summary>The central process that runs campaigns over the agents.</summary>
    Coordinator,

    /// <summary>A person or a system that may start, change and stop things.</summary>
    Operator,

    /// <summary>A person or a system with read-only access.</summary>
    Viewer,
}

/// <summary>The names of roles.</summary>
public static class PeerRoleNames
{
    /// <summary>The name of a role in certificates, claims and messages: agent, coordinator, operator or viewer.</summary>
    /// <param name="role">The role.</param>
    public static string ToName(this PeerRole role) => role switch
    {
        PeerRole.Agent => "agent",
        PeerRole.Coordinator => "coordinator",
        PeerRole.Operator => "operator",
        PeerRole.Viewer => "viewer",
        _ => throw new ArgumentOutOfRangeException(nameof(role), role, "not a role"),
    };
}
