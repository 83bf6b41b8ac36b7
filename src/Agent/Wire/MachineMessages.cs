using Google.Protobuf.WellKnownTypes;
using HostAgent.Hosting;
using HostAgent.HyperV.Failback;
using HostAgent.HyperV.Readiness;
using Contract = HostAgent.Contracts.Failback.V1;
using Domain = HostAgent.HyperV;

namespace HostAgent.Agent.Wire;

/// <summary>Writes machines, recovery points and readiness checks as messages.</summary>
internal static class MachineMessages
{
    /// <summary>A machine.</summary>
    /// <param name="machine">The machine as it was seen.</param>
    /// <param name="diskBytes">The size of its replicated disks; null when it is not known.</param>
    /// <param name="ineligibleReason">Why it could not be failed back; null when it could.</param>
    /// <param name="liveOperationId">The operation that is live on it; null when there is none.</param>
    public static Contract.VirtualMachine Of(
        Domain.Machines.VirtualMachine machine, long? diskBytes, string? ineligibleReason, Guid? liveOperationId)
    {
        var message = new Contract.VirtualMachine
        {
            Id = machine.Id.ToString(),
            Name = machine.Name,
            PowerState = PowerOf(machine.EnabledState),
            PowerStateNumber = (uint)machine.EnabledState,
            ReplicationMode = EnumNames.OfAny<Domain.Replication.ReplicationMode, Contract.ReplicationMode>(machine.ReplicationMode),
            ReplicationState = StateOf((int)machine.ReplicationState),
            ReplicationStateNumber = (uint)machine.ReplicationState,
            ReplicationHealth = EnumNames.OfAny<Domain.Replication.ReplicationHealth, Contract.ReplicationHealth>(machine.ReplicationHealth),
            LastReplicationTime = machine.Relationship?.LastReplicationTime?.ToTimestamp(),
            LastApplyTime = machine.Relationship?.LastApplyTime?.ToTimestamp(),
            PrimaryHost = machine.ReplicationSettings?.PrimaryHostSystem ?? "",
            RecoveryHost = machine.ReplicationSettings?.RecoveryHostSystem ?? "",
            Extended = machine.ExtendedRelationship is not null,
            Eligible = ineligibleReason is null,
            IneligibleReason = ineligibleReason ?? "",
            DiskBytes = diskBytes ?? 0,
            LiveOperationId = liveOperationId?.ToString() ?? "",
        };
        if (machine.ReplicationSettings?.IsExternalProvider is { } external)
        {
            message.ExternalProvider = external;
        }

        return message;
    }

    /// <summary>A recovery point.</summary>
    public static Contract.RecoveryPoint Of(Domain.RecoveryPoints.RecoveryPoint point) => new()
    {
        Identifier = point.Identifier,
        Name = point.Name,
        Type = point.Type switch
        {
            Domain.RecoveryPoints.RecoveryPointType.Standard => Contract.RecoveryPointType.Standard,
            Domain.RecoveryPoints.RecoveryPointType.ApplicationConsistent => Contract.RecoveryPointType.ApplicationConsistent,
            Domain.RecoveryPoints.RecoveryPointType.PlannedFailover => Contract.RecoveryPointType.PlannedFailover,
            _ => Contract.RecoveryPointType.Unspecified,
        },
        Time = point.Time.ToTimestamp(),
    };

    /// <summary>A readiness check.</summary>
    public static Contract.ReadinessCheck Of(ReadinessCheck check) => new()
    {
        Id = check.Id,
        Passed = check.Passed,
        Severity = EnumNames.Of<CheckSeverity, Contract.CheckSeverity>(check.Severity),
        Observed = check.Observed,
        Remedy = check.Remedy,
    };

    /// <summary>What a machine's replication state says about a failback of it, and in words.</summary>
    public static (Contract.ReplicationVerdict Verdict, string Explanation) VerdictOf(Domain.Machines.VirtualMachine machine, string? ineligibleReason)
    {
        var state = $"the machine's replication state is {machine.ReplicationState}";
        return (ReplicationVerdicts.Judge(machine.ReplicationState), ineligibleReason) switch
        {
            (ReplicationVerdict.Succeeded, _) => (Contract.ReplicationVerdict.FailedBack, state),
            (ReplicationVerdict.InProgress, _) => (Contract.ReplicationVerdict.InProgress, state),
            (_, null) => (Contract.ReplicationVerdict.NotStarted, $"{state}: it can be failed back"),
            (_, { } reason) => (Contract.ReplicationVerdict.Undecided, $"{state}: {reason}"),
        };
    }

    /// <summary>A replication state given as the host's number; null when not seen.</summary>
    public static Contract.ReplicationState StateOf(int? number)
        => number is { } state ? EnumNames.OfAny<Domain.Replication.ReplicationState, Contract.ReplicationState>((Domain.Replication.ReplicationState)state) : Contract.ReplicationState.Unspecified;

    /// <summary>A power state.</summary>
    public static Contract.PowerState PowerOf(Domain.VirtualMachines.EnabledState state) => state switch
    {
        Domain.VirtualMachines.EnabledState.Other => Contract.PowerState.Other,
        Domain.VirtualMachines.EnabledState.Running => Contract.PowerState.Running,
        Domain.VirtualMachines.EnabledState.Off => Contract.PowerState.Off,
        Domain.VirtualMachines.EnabledState.Stopping => Contract.PowerState.Stopping,
        Domain.VirtualMachines.EnabledState.Saved => Contract.PowerState.Saved,
        Domain.VirtualMachines.EnabledState.Paused => Contract.PowerState.Paused,
        Domain.VirtualMachines.EnabledState.Starting => Contract.PowerState.Starting,
        Domain.VirtualMachines.EnabledState.Reset => Contract.PowerState.Reset,
        Domain.VirtualMachines.EnabledState.Saving => Contract.PowerState.Saving,
        Domain.VirtualMachines.EnabledState.Pausing => Contract.PowerState.Pausing,
        Domain.VirtualMachines.EnabledState.Resuming => Contract.PowerState.Resuming,
        Domain.VirtualMachines.EnabledState.FastSaved or Domain.VirtualMachines.EnabledState.FastSaving => Contract.PowerState.FastSaved,
        Domain.VirtualMachines.EnabledState.Hibernated => Contract.PowerState.Hibernated,
        _ => Contract.PowerState.Unspecified,
    };

    /// <summary>The host's number for a power state; null for one that is not published.</summary>
    public static Domain.VirtualMachines.EnabledState? EnabledStateOf(Contract.PowerState power)
        => power == Contract.PowerState.Unspecified ? null : System.Enum.GetValues<Domain.VirtualMachines.EnabledState>().Cast<Domain.VirtualMachines.EnabledState?>().FirstOrDefault(state => PowerOf(state!.Value) == power);
}
