using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Failback;
using HostAgent.HyperV.Jobs;
using HostAgent.HyperV.Replication;

namespace HostAgent.HyperV.Services;

/// <summary>Replication statistics of one monitoring interval (<c>Msvm_ReplicationStatistics</c>). Null where the host does not tell.</summary>
public sealed record ReplicationStatistics
{
    /// <summary>When the interval began, UTC.</summary>
    public DateTimeOffset? Start { get; init; }

    /// <summary>When it ended or the statistics were asked for, UTC.</summary>
    public DateTimeOffset? End { get; init; }

    /// <summary>Replications that succeeded.</summary>
    public long? SuccessCount { get; init; }

    /// <summary>Bytes replicated.</summary>
    public long? ReplicatedBytes { get; init; }

    /// <summary>Bytes of the largest replication.</summary>
    public long? LargestReplicationBytes { get; init; }

    /// <summary>Time that all replications took together; whole seconds.</summary>
    public TimeSpan? TotalLatency { get; init; }

    /// <summary>Time that the longest replication took; whole seconds.</summary>
    public TimeSpan? LongestLatency { get; init; }

    /// <summary>Replications that did not take place when they should have.</summary>
    public long? MissCount { get; init; }

    /// <summary>Failures of the network.</summary>
    public long? NetworkFailureCount { get; init; }

    /// <summary>Failures of replication.</summary>
    public long? ReplicationFailureCount { get; init; }

    /// <summary>Bytes that wait to be replicated.</summary>
    public long? PendingBytes { get; init; }

    /// <summary>Application-consistent points that could not be made.</summary>
    public long? ApplicationConsistentFailureCount { get; init; }

    /// <summary>The health; here the host writes it as a uint32.</summary>
    public ReplicationHealth? Health { get; init; }

    /// <summary>When the last test failover was made; null when never.</summary>
    public DateTimeOffset? LastTestFailoverTime { get; init; }
}

/// <summary>What the host answered when it was asked for a machine's replication statistics.</summary>
/// <param name="Code">The return code; hosts answer this method at once, with 0.</param>
/// <param name="Intervals">The monitoring intervals the host keeps; empty when it refused.</param>
/// <param name="HealthIssues">What makes the health other than good.</param>
public sealed record ReplicationStatisticsAnswer(ReturnCode Code, IReadOnlyList<ReplicationStatistics> Intervals, IReadOnlyList<JobError> HealthIssues);

/// <summary>Reads embedded Msvm_ReplicationStatistics instances.</summary>
internal static class StatisticsReader
{
    public static ReplicationStatistics Read(CimInstance instance) => new()
    {
        Start = instance.GetDateTime("StartStatisticTime"),
        End = instance.GetDateTime("EndStatisticTime"),
        SuccessCount = instance.GetInteger("ReplicationSuccessCount"),
        ReplicatedBytes = instance.GetInteger("ReplicationSize"),
        LargestReplicationBytes = instance.GetInteger("MaxReplicationSize"),
        TotalLatency = Seconds(instance, "ReplicationLatency"),
        LongestLatency = Seconds(instance, "MaxReplicationLatency"),
        MissCount = instance.GetInteger("ReplicationMissCount"),
        NetworkFailureCount = instance.GetInteger("NetworkFailureCount"),
        ReplicationFailureCount = instance.GetInteger("ReplicationFailureCount"),
        PendingBytes = instance.GetInteger("PendingReplicationSize"),
        ApplicationConsistentFailureCount = instance.GetInteger("ApplicationConsistentSnapshotFailureCount"),
        Health = (ReplicationHealth?)instance.GetInteger("ReplicationHealth"),
        LastTestFailoverTime = instance.GetDateTime("LastTestFailoverTime"),
    };

    private static TimeSpan? Seconds(CimInstance instance, string property)
        => instance.GetInteger(property) is { } seconds ? TimeSpan.FromSeconds(seconds) : null;
}
