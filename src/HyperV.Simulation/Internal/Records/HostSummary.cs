using HostAgent.HyperV.Simulation.Internal.World;

namespace HostAgent.HyperV.Simulation.Internal.Records;

/// <summary>
/// Everything that a host's past amounts to, in one line: what a compacted state file begins with in place of the lines before.
/// </summary>
/// <param name="Time">When it was drawn up.</param>
/// <param name="Pace">How fast jobs advance.</param>
/// <param name="Machines">Every machine, test failovers' included.</param>
/// <param name="Jobs">Every job, unfinished ones in the order they were accepted, occurrences included.</param>
/// <param name="Initiations">Every InitiateFailback call that took effect.</param>
/// <param name="Strikes">How often each fault has struck.</param>
/// <param name="Server">What clients made of the host as a replica server; null while it is as the estate says.</param>
internal sealed record HostSummary(
    DateTimeOffset Time,
    Pace Pace,
    IReadOnlyList<MachineSummary> Machines,
    IReadOnlyList<JobSummary> Jobs,
    IReadOnlyList<Initiation> Initiations,
    IReadOnlyDictionary<string, int> Strikes,
    ReplicationServerState? Server = null)
    : StateRecord(Time);
