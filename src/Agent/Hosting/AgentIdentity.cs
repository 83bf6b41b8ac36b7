namespace HostAgent.Agent.Hosting;

/// <summary>What the agent says about itself.</summary>
/// <param name="HostName">The host's name.</param>
/// <param name="Version">The agent's version.</param>
/// <param name="StartTime">When the process started.</param>
internal sealed record AgentIdentity(string HostName, string Version, DateTimeOffset StartTime);
