namespace HostAgent.Benchmarks.Agent;

/// <summary>How fast failbacks were accepted: from the call to the message that says it is in the journal.</summary>
/// <param name="Callers">How many asked at once.</param>
/// <param name="Machines">How many machines the host has.</param>
/// <param name="IsSettled">Whether two successive rounds agreed before these were measured.</param>
/// <param name="PerSecond">Failbacks accepted in a second, all callers together, over the rounds.</param>
/// <param name="Accept">For each.</param>
/// <param name="AllocatedBytes">Allocated for each by agent and callers together.</param>
internal sealed record AcceptResult(int Callers, int Machines, bool IsSettled, Spread PerSecond, Durations Accept, long AllocatedBytes);
