namespace HostAgent.Benchmarks.Agent;

/// <summary>What a server that does nothing takes.</summary>
/// <param name="Server">Which.</param>
/// <param name="ReadySeconds">From the start of its process to its saying where it listens.</param>
/// <param name="PrivateMegabytes">Its memory that no other process shares, in MB (10^6 B), when it has been idle for a while.</param>
/// <param name="ResidentMegabytes">What it has in memory, shared parts included.</param>
/// <param name="IdleSeconds">How long it had done nothing before its processor time was measured.</param>
/// <param name="IdlePercent">Processor time while it does nothing, in percent of one processor. The system counts in hundredths of a second.</param>
internal sealed record FootprintResult(string Server, Spread ReadySeconds, double PrivateMegabytes, double ResidentMegabytes, double IdleSeconds, double IdlePercent);
