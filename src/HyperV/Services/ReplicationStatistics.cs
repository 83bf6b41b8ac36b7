using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Failback;
using HostAgent.HyperV.Jobs;
using HostAgent.HyperV.Replication;

namespace HostAgent.HyperV.Services;

/// <summary>Replication statistics of one monitoring interval (<c>Msvm_ReplicationStatistics</c>). Null means not reported.</summary>
public sealed record ReplicationStatistics
{
    /// <summary>Start of the interval, UTC.</summary>
    public DateTimeOffset? Start { get; init; }

    /// <summary>End of the interval, or the time of the query, UTC.</summary>
    public DateTimeOffset? End { get; init; }

    /// <summary>Successful replications.</summary>
    public long? SuccessCount { get; init; }

    /// <summary>Bytes replicated.</summary>
    public long? ReplicatedBytes { get; init; }

    /// <summary>Bytes of the largest replication.</summary>
    public long? LargestReplicationBytes { get; init; }

    /// <summary>Total replication time; whole seconds.</summary>
    public TimeSpan? TotalLatency { get; init; }

    /// <summary>Longest replication time; whole seconds.</summary>
    public TimeSpan? LongestLatency { get; init; }

    /// <summary>Missed replications.</summary>
    public long? MissCount { get; init; }

    /// <summary>Network failures.</summary>
    public long? NetworkFailureCount { get; init; }

    /// <summary>Replication failures.</summary>
    public long? ReplicationFailureCount { get; init; }

    /// <summary>Bytes pending replication.</summary>
    public long? PendingBytes { get; init; }

    /// <summary>Application-consistent points that could not be created.</summary>
    public long? ApplicationConsistentFailureCount { get; init; }

    /// <summary>The health; a uint32 in this class.</summary>
    public ReplicationHealth? Health { get; init; }

    /// <summary>Time of the last test failover; null when never.</summary>
    public DateTimeOffset? LastTestFailoverTime { get; init; }
}

/// <summary>The host's answer to a statistics query.</summary>
/// <param name="Code">The return code; hosts answer this method synchronously, with 0.</param>
/// <param name="Intervals">The monitoring intervals the host keeps; empty when the call failed.</param>
/// <param name="HealthIssues">What impairs the health.</param>
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
