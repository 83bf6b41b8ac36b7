using HostAgent.HyperV.RecoveryPoints;
using HostAgent.HyperV.VirtualMachines;

namespace HostAgent.HyperV.Readiness;

/// <summary>Every readiness check made on one machine.</summary>
/// <param name="Checks">The checks in a fixed order. After one that leaves nothing to look at, the rest is not made.</param>
/// <param name="Time">When they were made.</param>
/// <param name="VirtualMachine">The machine as it was seen; null when it was not found.</param>
/// <param name="RecoveryPoint">What the selector chose; null when it was not looked for.</param>
public sealed record ReadinessReport(
    IReadOnlyList<ReadinessCheck> Checks, DateTimeOffset Time, VirtualMachine? VirtualMachine, RecoveryPointSelection? RecoveryPoint)
{
    /// <summary>The size of the machine's replicated disks in bytes; null when the host does not tell all of them.</summary>
    public long? DiskBytes { get; init; }

    /// <summary>Whether nothing blocks. Checks that ask may still want a caller's consent: <see cref="Obstacles"/>.</summary>
    public bool Ready => !Checks.Any(c => !c.Passed && c.Severity is CheckSeverity.Blocking);

    /// <summary>What stands in the way of a caller who accepts the checks with these ids: every block, and what asks and is not accepted.</summary>
    public IReadOnlyList<ReadinessCheck> Obstacles(IReadOnlyCollection<string> acceptedIds)
        => [.. Checks.Where(c => !c.Passed && c.Severity switch
        {
            CheckSeverity.Blocking => true,
            CheckSeverity.Overridable => !acceptedIds.Contains(c.Id),
            _ => false,
        })];
}

/// <summary>One readiness check and what it found.</summary>
/// <param name="Id">A stable UPPER_SNAKE_CASE id of <see cref="ReadinessCheckId"/>; it names the problem looked for.</param>
/// <param name="Passed">Whether the problem is absent.</param>
/// <param name="Severity">What it means when the problem is there.</param>
/// <param name="Observed">What was seen, in words with the value.</param>
/// <param name="Remedy">What to do about it; empty when passed.</param>
public sealed record ReadinessCheck(string Id, bool Passed, CheckSeverity Severity, string Observed, string Remedy)
{
    internal static ReadinessCheck Of(string id, bool passed, CheckSeverity severity, string observed, string remedy)
        => new(id, passed, severity, observed, passed ? string.Empty : remedy);
}

/// <summary>What a check that is not satisfied means.</summary>
public enum CheckSeverity
{
    /// <summary>The failback cannot be started.</summary>
    Blocking,

    /// <summary>The failback can be started by a caller who accepts the check by its id.</summary>
    Overridable,

    /// <summary>Worth knowing.</summary>
    Informational,
}
