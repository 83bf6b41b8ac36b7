using HostAgent.HyperV.Replication;

namespace HostAgent.HyperV.Simulation.Estates;

/// <summary>What older platforms lack, and which descriptions they do not allow.</summary>
internal static class PlatformRules
{
    // Windows Server 2012 keeps at most 16 points of a replica, including the latest.
    private const int MaxHistoryOf2012 = 15;

    // Introduced with Windows 8.1 and Windows Server 2012 R2.
    private static readonly string[] Since2012R2 =
    [
        HyperVClasses.ReplicationRelationship, HyperVClasses.ReplicationProvider, HyperVClasses.SystemReplicationRelationship,
        "InitiateFailback", "ChangeReplicationModeToPrimary", "RemoveReplicationRelationshipEx", "ResetReplicationStatisticsEx", "GetReplicationStatisticsEx",
        "RequestReplicationStateChangeEx",
    ];

    /// <summary>Whether a platform has a class, an association or a method.</summary>
    public static bool Has(HostPlatform platform, string name)
        => platform > HostPlatform.WindowsServer2012 || !Since2012R2.Contains(name, StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a platform has a replication state.</summary>
    public static bool Knows(HostPlatform platform, ReplicationState state)
        => platform >= HostPlatform.WindowsServer2019 || state <= ReplicationState.FailbackComplete;

    /// <summary>What a host's description uses that its platform does not have; one sentence each.</summary>
    public static IEnumerable<string> Errors(SimulatedHostDescription host)
    {
        var is2012 = host.Platform == HostPlatform.WindowsServer2012;
        if (is2012 && host.Provider != ReplicationProviderKind.InBox)
        {
            yield return $"The provider of {host.Name} is {host.Provider}; Windows Server 2012 has the in-box one only.";
        }

        foreach (var machine in host.VirtualMachines)
        {
            if (!Knows(host.Platform, machine.State))
            {
                yield return $"The state of {machine.Name} is {machine.State}; {host.Platform} has states up to {ReplicationState.FailbackComplete}.";
            }

            if (is2012 && (machine.Extended || machine.Mode == ReplicationMode.ExtendedReplica))
            {
                yield return $"{machine.Name} has an extended replica; Windows Server 2012 has no extended replication.";
            }

            if (is2012 && machine.RecoveryHistory > MaxHistoryOf2012)
            {
                yield return FormattableString.Invariant($"The recovery history of {machine.Name} is {machine.RecoveryHistory}; Windows Server 2012 keeps at most {MaxHistoryOf2012}.");
            }
        }
    }
}
