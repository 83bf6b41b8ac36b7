using HostAgent.Agent.Operations;

namespace HostAgent.KillableAgent;

/// <summary>What one process does: the agents it runs, until it kills itself.</summary>
/// <param name="Agents">The agents.</param>
internal sealed record Life(IReadOnlyList<MortalAgent> Agents);

/// <summary>One agent of a process.</summary>
/// <param name="Arguments">Its command line.</param>
/// <param name="Estate">The estate document with its host.</param>
/// <param name="Host">The host's name.</param>
/// <param name="StateFile">The host's state file.</param>
/// <param name="KillAt">Where it is held until all others are where they are to be; null when it lives on.</param>
/// <param name="Arrivals">How many operations reach that point before it is held there, that one included.</param>
internal sealed record MortalAgent(
    IReadOnlyList<string> Arguments, string Estate, string Host, string StateFile, OperationCheckpoint? KillAt, int Arrivals);
