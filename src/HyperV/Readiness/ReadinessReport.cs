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
