using System.Collections.Immutable;
using System.Security.Cryptography.X509Certificates;
using HostAgent.HyperV.Replication;
using HostAgent.HyperV.VirtualMachines;

namespace HostAgent.HyperV.Failback;

/// <summary>
/// What a machine must look like before a failback is initiated. Microsoft does not publish the input conditions of
/// <c>InitiateFailback</c>; each of these is a conclusion [inferred] and therefore an option.
/// </summary>
/// <remarks>
/// Why the default states are 5 and 6. A failback follows a failover: the machine ran at the recovery site, and its replica side
/// is then Recovered (5, recovery points still kept) or Committed (6). The method's documentation speaks of pulling a point back
/// "from the new-primary side", which exists only after a failover. Replicating (3) is left out: there the original primary is
/// alive and sending, and a failback would overwrite the newer side; a site whose provider accepts it adds 3 here. All states of
/// an operation in progress (2, 10-13, 15, 18) and 14, the end of an earlier failback, are left out too.
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
    /// demands it]. Default: true.
    /// </summary>
    public bool MustBeOff { get; init; } = true;

    /// <summary>
    /// Whether critical replication health blocks instead of asking. Default: false, since the side that disaster struck may be what
    /// makes it critical, and a person can judge that.
    /// </summary>
    public bool CriticalHealthBlocks { get; init; }

    /// <summary>
    /// How long the certificate that replication authenticates with must still be valid for no question to be asked. Default: 14 days, a
    /// failback of many machines and the replication back, with time to renew it.
    /// </summary>
    public TimeSpan CertificateExpiryWarning { get; init; } = TimeSpan.FromDays(14);

    /// <summary>
    /// How far the revocation of that certificate is looked into. Default: online, as hosts do unless their registry says otherwise; a
    /// revocation list that is out of reach is then told before it stops the replication.
    /// </summary>
    public X509RevocationMode CertificateRevocation { get; init; } = X509RevocationMode.Online;

    /// <summary>
    /// Which part of the size of a machine's disks must be free on their volume for no question to be asked, 0 to 1 [inferred: undo
    /// disks and the merge at the end take as much as has changed]. Default: 0.1.
    /// </summary>
    public double MinimumFreePart { get; init; } = 0.1;

    /// <summary>How many bytes must be free however small the disks are. Default: 1 GiB.</summary>
    public long MinimumFreeBytes { get; init; } = 1L << 30;

    /// <summary>
    /// Why a machine could not be failed back as it stands, in one sentence; null when it could. Looks at mode, relationship,
    /// replication state and power only, so that it is cheap enough for a list; the readiness checks look at everything.
    /// </summary>
    public string? WhyIneligible(VirtualMachine machine)
    {
        ArgumentNullException.ThrowIfNull(machine);
        if (!AllowedModes.Contains(machine.ReplicationMode))
        {
            return $"its replication mode is {Numbered.Text(machine.ReplicationMode)}, allowed is {Numbered.List(AllowedModes)}";
        }

        if (machine.Relationship is null)
        {
            return "it has no replication relationship";
        }

        if (!AllowedStates.Contains(machine.ReplicationState))
        {
            return $"its replication state is {Numbered.Text(machine.ReplicationState)}, allowed is {Numbered.List(AllowedStates)}";
        }

        return MustBeOff && machine.EnabledState is not EnabledState.Off
            ? $"it is {Numbered.Text(machine.EnabledState)}, it must be {Numbered.Text(EnabledState.Off)}"
            : null;
    }
}
