using HostAgent.Contracts.Campaigns.V1;
using AgentHost = HostAgent.Contracts.Failback.V1.Host;

namespace HostAgent.Coordinator.Agents;

/// <summary>A host's last known status.</summary>
/// <param name="Reachability">Whether it answers.</param>
/// <param name="Reason">Why it does not; empty when it does.</param>
/// <param name="Since">When reachability last changed; null when the host was never called.</param>
/// <param name="Agent">The agent's last reported status; null when it has never reported one.</param>
internal sealed record AgentStatus(Reachability Reachability, string Reason, DateTimeOffset? Since, AgentHost? Agent)
{
    /// <summary>A host that has not been called yet.</summary>
    public static AgentStatus Untried { get; } = new(Reachability.Unspecified, string.Empty, null, null);

    /// <summary>The status after the host has answered.</summary>
    public AgentStatus Reached(AgentHost? agent, DateTimeOffset now)
        => new(Reachability.Reachable, string.Empty, Reachability == Reachability.Reachable ? Since : now, agent ?? Agent);

    /// <summary>The status after the host has not answered.</summary>
    public AgentStatus Missed(string reason, DateTimeOffset now)
        => new(Reachability.Unreachable, reason, Reachability == Reachability.Unreachable ? Since : now, Agent);
}
