namespace HostAgent.Agent.Hosting;

/// <summary>What the agent says about itself.</summary>
/// <param name="HostName">The host's name.</param>
/// <param name="Version">The agent's version.</param>
/// <param name="HostDeadline">The longest that a look at the host may take for a caller.</param>
internal sealed record AgentIdentity(string HostName, string Version, TimeSpan HostDeadline);
