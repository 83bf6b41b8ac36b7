using HostAgent.HyperV.Replication;
using HostAgent.HyperV.Simulation.Internal.World;
using HostAgent.HyperV.VirtualMachines;

namespace HostAgent.HyperV.Simulation.Internal.Records;

/// <summary>A virtual machine as it stood when a summary was drawn up.</summary>
internal sealed record MachineSummary
{
    public required Guid Id { get; init; }

    /// <summary>The replica that a test failover's machine belongs to.</summary>
    public Guid? ReplicaId { get; init; }

    public DateTimeOffset Began { get; init; }

    public required string Name { get; init; }

    public ReplicationMode Mode { get; init; }

    public ReplicationState ReplicationState { get; init; }

    public ReplicationHealth Health { get; init; }

    public ReplicationType FailedOver { get; init; }

    public EnabledState Power { get; init; }

    public bool Extended { get; init; }

    public bool IsHere { get; init; }

    /// <summary>The state of the extended relationship; null in the files of former formats: Replicating.</summary>
    public ReplicationState? ExtendedState { get; init; }

    /// <summary>Null when it has never replicated.</summary>
    public DateTimeOffset? LastReplication { get; init; }

    public DateTimeOffset? ReplicatingSince { get; init; }

    /// <summary>The replication settings that clients have changed; null for none.</summary>
    public IReadOnlyList<SettingsChange>? Settings { get; init; }

    /// <summary>What its network adapters are given after a failover; null for none.</summary>
    public IReadOnlyList<string>? FailoverNetwork { get; init; }

    /// <summary>When the next scheduled job begins.</summary>
    public DateTimeOffset? ScheduledStart { get; init; }

    /// <summary>When its recovery point of a planned failover was made; null when it has none.</summary>
    public DateTimeOffset? PlannedPoint { get; init; }

    /// <summary>The authorization entry it was bound to.</summary>
    public string? AuthorizationEntry { get; init; }

    /// <summary>When its statistics were last begun anew.</summary>
    public DateTimeOffset? StatisticsSince { get; init; }

    /// <summary>When its recovery points were last removed.</summary>
    public DateTimeOffset PointsRemoved { get; init; }
}
