using System.Collections.Immutable;
using System.Security.Cryptography.X509Certificates;
using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Machines;
using HostAgent.HyperV.Replication;
using HostAgent.HyperV.VirtualMachines;

namespace HostAgent.HyperV.Failback;

/// <summary>
/// Preconditions of a failback. Microsoft does not publish the preconditions of <c>InitiateFailback</c>; each of these is
/// a conclusion [inferred] and therefore an option.
/// </summary>
/// <remarks>
/// Why the default states are 5 and 6: a failback follows a failover. The machine ran at the recovery site, and its replica side
/// is then Recovered (5, recovery points still kept) or Committed (6). The method's documentation speaks of pulling a point back
/// "from the new-primary side", which exists only after a failover. Replicating (3) is not allowed: the original primary is still
/// alive and sending, and a failback would overwrite the newer side; a site whose provider accepts it adds 3 here. States of an
/// operation in progress (2, 10-13, 15, 18) and 14, the end of an earlier failback, are not allowed either.
/// </remarks>
public sealed record FailbackRules
{
    /// <summary>The defaults.</summary>
    public static FailbackRules Default { get; } = new();

    /// <summary>The replication states in which a failback may be initiated [inferred]. Default: 5 Recovered and 6 Committed.</summary>
    public ImmutableHashSet<ReplicationState> AllowedStates { get; init; } = [ReplicationState.Recovered, ReplicationState.Committed];

    /// <summary>The replication modes in which a failback may be initiated. Default: 2 Replica and 4 ExtendedReplica, as for every call on a recovery machine.</summary>
    public ImmutableHashSet<ReplicationMode> AllowedModes { get; init; } = [ReplicationMode.Replica, ReplicationMode.ExtendedReplica];

    /// <summary>
    /// Whether the machine must be off [inferred from the Azure provider's flow, whose target must be off, and from failover, which
    /// requires it]. Default: true.
    /// </summary>
    public bool MustBeOff { get; init; } = true;

    /// <summary>
    /// Whether critical replication health blocks. Default: false, meaning it can be overridden: the failed site may be what makes
    /// the health critical, and an operator can judge that.
    /// </summary>
    public bool CriticalHealthBlocks { get; init; }

    /// <summary>
    /// Remaining validity below which the replication certificate raises an overridable check. Default: 14 days, enough for a failback of
    /// many machines, the replication afterwards, and a renewal.
    /// </summary>
    public TimeSpan CertificateExpiryWarning { get; init; } = TimeSpan.FromDays(14);

    /// <summary>
    /// How revocation of that certificate is checked. Default: online, as hosts do unless their registry says otherwise, so that an
    /// unreachable revocation list is reported before it stops replication.
    /// </summary>
    public X509RevocationMode CertificateRevocation { get; init; } = X509RevocationMode.Online;

    /// <summary>
    /// The share of a machine's disk size that must be free on the volume, 0 to 1; less raises an overridable check [inferred: undo
    /// disks and the final merge need as much space as has changed]. Default: 0.1.
    /// </summary>
    public double MinimumFreePart { get; init; } = 0.1;

    /// <summary>Minimum free bytes, however small the disks are. Default: 1 GiB.</summary>
    public long MinimumFreeBytes { get; init; } = 1L << 30;

    /// <summary>
    /// Why a machine cannot be failed back in its current state, in one sentence; null when it can. Checks only mode, relationship,
    /// replication state and power, so that it is cheap enough for a list; the readiness checks are complete.
    /// </summary>
    public string? WhyIneligible(VirtualMachine machine)
    {
        ArgumentNullException.ThrowIfNull(machine);
        if (!AllowedModes.Contains(machine.ReplicationMode))
        {
            return $"its replication mode is {Numbered.Text(machine.ReplicationMode)}; it must be {Numbered.List(AllowedModes)}";
        }

        if (machine.Relationship is null)
        {
            return "it has no replication relationship";
        }

        if (!AllowedStates.Contains(machine.ReplicationState))
        {
            return $"its replication state is {Numbered.Text(machine.ReplicationState)}; it must be {Numbered.List(AllowedStates)}";
        }

        return MustBeOff && machine.EnabledState is not EnabledState.Off
            ? $"it is {Numbered.Text(machine.EnabledState)}; it must be {Numbered.Text(EnabledState.Off)}"
            : null;
    }
}
