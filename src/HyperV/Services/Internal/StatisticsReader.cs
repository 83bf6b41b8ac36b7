using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Replication;

namespace HostAgent.HyperV.Services.Internal;

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
