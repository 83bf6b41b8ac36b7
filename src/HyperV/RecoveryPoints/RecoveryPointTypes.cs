namespace HostAgent.HyperV.RecoveryPoints;

/// <summary>The texts of <c>VirtualSystemType</c> that belong to snapshots.</summary>
public static class RecoveryPointTypes
{
    /// <summary>Every snapshot's type begins with this.</summary>
    public const string SnapshotPrefix = "Microsoft:Hyper-V:Snapshot:";

    /// <summary>Every recovery point's type begins with this; other snapshots are ordinary, backup or planned checkpoints.</summary>
    public const string ReplicaPrefix = SnapshotPrefix + "Replica";

    /// <summary>Crash-consistent.</summary>
    public const string Standard = ReplicaPrefix + ":Standard";

    /// <summary>Made with VSS.</summary>
    public const string ApplicationConsistent = ReplicaPrefix + ":ApplicationConsistent";

    /// <summary>Made by a planned failover.</summary>
    public const string PlannedFailover = ReplicaPrefix + ":PlannedFailover";

    /// <summary>The kind of recovery point, or null when the type is not that of one.</summary>
    public static RecoveryPointType? Parse(string? virtualSystemType) => virtualSystemType switch
    {
        Standard => RecoveryPointType.Standard,
        ApplicationConsistent => RecoveryPointType.ApplicationConsistent,
        PlannedFailover => RecoveryPointType.PlannedFailover,
        not null when virtualSystemType.StartsWith(ReplicaPrefix, StringComparison.Ordinal) => RecoveryPointType.Unknown,
        _ => null,
    };
}
