using HostAgent.Contracts.Campaigns.V1;
using AgentHost = HostAgent.Contracts.Failback.V1.Host;

namespace HostAgent.Coordinator.Agents;

/// <summary>How a host was last seen.</summary>
/// <param name="Reachability">Whether it answers.</param>
/// <param name="Reason">Why it does not; empty when it does.</param>
/// <param name="Since">Since when reachability is what it is; null when it was never tried.</param>
/// <param name="Agent">What the agent last said of itself; null when it never has.</param>
internal sealed record AgentStatus(Reachability Reachability, string Reason, DateTimeOffset? Since, AgentHost? Agent)
{
    /// <summary>A host that was not tried yet.</summary>
    public static AgentStatus Untried { get; } = new(Reachability.Unspecified, string.Empty, null, null);

    /// <summary>The status after the host has answered.</summary>
    public AgentStatus Reached(AgentHost? agent, DateTimeOffset now)
        => new(Reachability.Reachable, string.Empty, Reachability == Reachability.Reachable ? Since : now, agent ?? Agent);

    /// <summary>The status after the host has not answered.</summary>
    public AgentStatus Missed(string reason, DateTimeOffset now)
        => new(Reachability.Unreachable, reason, Reachability == Reachability.Unreachable ? Since : now, Agent);
}
