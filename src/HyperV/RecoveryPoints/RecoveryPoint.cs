using HostAgent.HyperV.Cim;
using HostAgent.HyperV.VirtualMachines;

namespace HostAgent.HyperV.RecoveryPoints;

/// <summary>A point in time that a replica can be taken back to.</summary>
/// <param name="Identifier">The InstanceID of the point, <c>Microsoft:&lt;GUID&gt;</c>; the GUID is the point's, not the machine's.</param>
/// <param name="VirtualMachine">The machine it belongs to.</param>
/// <param name="Name">The display name, in the host's language.</param>
/// <param name="Type">Its kind.</param>
/// <param name="Time">The point in time, UTC.</param>
public sealed record RecoveryPoint(string Identifier, VirtualMachineId VirtualMachine, string Name, RecoveryPointType Type, DateTimeOffset Time)
{
    /// <summary>The path of its settings, by which a failover names it.</summary>
    public CimObjectPath Path => new(HyperVClasses.VirtualSystemSettingData, [new("InstanceID", Identifier)]);
}

/// <summary>The kinds of recovery point, distinguished by <c>VirtualSystemType</c>.</summary>
public enum RecoveryPointType
{
    /// <summary>An unpublished kind of replica point.</summary>
    Unknown,

    /// <summary><c>Microsoft:Hyper-V:Snapshot:Replica:Standard</c>: crash-consistent.</summary>
    Standard,

    /// <summary><c>Microsoft:Hyper-V:Snapshot:Replica:ApplicationConsistent</c>: made with VSS.</summary>
    ApplicationConsistent,

    /// <summary><c>Microsoft:Hyper-V:Snapshot:Replica:PlannedFailover</c>: made by a planned failover.</summary>
    PlannedFailover,
}

/// <summary>The <c>VirtualSystemType</c> values of snapshots.</summary>
public static class RecoveryPointTypes
{
    /// <summary>Prefix of every snapshot's type.</summary>
    public const string SnapshotPrefix = "Microsoft:Hyper-V:Snapshot:";

    /// <summary>Prefix of every recovery point's type; other snapshots are ordinary, backup or planned checkpoints.</summary>
    public const string ReplicaPrefix = SnapshotPrefix + "Replica";

    /// <summary>Crash-consistent.</summary>
    public const string Standard = ReplicaPrefix + ":Standard";

    /// <summary>Made with VSS.</summary>
    public const string ApplicationConsistent = ReplicaPrefix + ":ApplicationConsistent";

    /// <summary>Made by a planned failover.</summary>
    public const string PlannedFailover = ReplicaPrefix + ":PlannedFailover";

    /// <summary>The kind of recovery point, or null when the type is not a recovery point's.</summary>
    public static RecoveryPointType? Parse(string? virtualSystemType) => virtualSystemType switch
    {
        Standard => RecoveryPointType.Standard,
        ApplicationConsistent => RecoveryPointType.ApplicationConsistent,
        PlannedFailover => RecoveryPointType.PlannedFailover,
        not null when virtualSystemType.StartsWith(ReplicaPrefix, StringComparison.Ordinal) => RecoveryPointType.Unknown,
        _ => null,
    };
}
