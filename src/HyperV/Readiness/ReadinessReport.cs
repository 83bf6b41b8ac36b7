using HostAgent.HyperV.Machines;
using HostAgent.HyperV.RecoveryPoints;

namespace HostAgent.HyperV.Readiness;

/// <summary>The readiness checks of one machine.</summary>
/// <param name="Checks">The checks in a fixed order. A check that makes the later ones pointless ends the list.</param>
/// <param name="Time">When the checks ran.</param>
/// <param name="VirtualMachine">The machine as read; null when it was not found.</param>
/// <param name="RecoveryPoint">The selected recovery point; null when none was looked for.</param>
public sealed record ReadinessReport(
    IReadOnlyList<ReadinessCheck> Checks, DateTimeOffset Time, VirtualMachine? VirtualMachine, RecoveryPointSelection? RecoveryPoint)
{
    /// <summary>The total size of the replicated disks in bytes; null when a size is unknown.</summary>
    public long? DiskBytes { get; init; }

    /// <summary>Whether nothing blocks. Overridable checks may still need the caller's consent: <see cref="Obstacles"/>.</summary>
    public bool Ready => !Checks.Any(c => !c.Passed && c.Severity is CheckSeverity.Blocking);

    /// <summary>What blocks a caller who accepts the checks with these ids: every blocking check, and every overridable one that is not accepted.</summary>
    public IReadOnlyList<ReadinessCheck> Obstacles(IReadOnlyCollection<string> acceptedIds)
        => [.. Checks.Where(c => !c.Passed && c.Severity switch
        {
            CheckSeverity.Blocking => true,
            CheckSeverity.Overridable => !acceptedIds.Contains(c.Id),
            _ => false,
        })];
}

/// <summary>One readiness check and its result.</summary>
/// <param name="Id">A stable UPPER_SNAKE_CASE id of <see cref="ReadinessCheckId"/>; it names the problem.</param>
/// <param name="Passed">Whether the problem is absent.</param>
/// <param name="Severity">What the problem means if it is present.</param>
/// <param name="Observed">What was observed, with the value.</param>
/// <param name="Remedy">What to do about it; empty when passed.</param>
public sealed record ReadinessCheck(string Id, bool Passed, CheckSeverity Severity, string Observed, string Remedy)
{
    internal static ReadinessCheck Of(string id, bool passed, CheckSeverity severity, string observed, string remedy)
        => new(id, passed, severity, observed, passed ? string.Empty : remedy);
}

/// <summary>What a failed check means.</summary>
public enum CheckSeverity
{
    /// <summary>The failback cannot be started.</summary>
    Blocking,

    /// <summary>The failback can be started if the caller accepts the check by its id.</summary>
    Overridable,

    /// <summary>For information only.</summary>
    Informational,
}
