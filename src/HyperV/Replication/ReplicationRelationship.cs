using HostAgent.HyperV.Cim;

namespace HostAgent.HyperV.Replication;

/// <summary>One <c>Msvm_ReplicationRelationship</c> of a machine.</summary>
public sealed record ReplicationRelationship
{
    /// <summary>The relationship's path in the namespace; null when the session did not return it.</summary>
    public CimObjectPath? Path { get; init; }

    /// <summary>Machine and kind of relationship.</summary>
    public required ReplicationInstanceId InstanceId { get; init; }

    /// <summary>The replication state.</summary>
    public required ReplicationState State { get; init; }

    /// <summary>The replication health.</summary>
    public required ReplicationHealth Health { get; init; }

    /// <summary>The kind of point the machine was failed over to.</summary>
    public ReplicationType FailedOverReplicationType { get; init; }

    /// <summary>The kind of replica received last.</summary>
    public ReplicationType LastReplicationType { get; init; }

    /// <summary>When changes were last received on the recovery side; null when never.</summary>
    public DateTimeOffset? LastReplicationTime { get; init; }

    /// <summary>When an application-consistent replica was last received; null when never.</summary>
    public DateTimeOffset? LastApplicationConsistentReplicationTime { get; init; }

    /// <summary>When changes were last applied on the recovery side, after they were received; null when never.</summary>
    public DateTimeOffset? LastApplyTime { get; init; }
}

/// <summary><c>Msvm_ComputerSystem.ReplicationMode</c> with the host's numbers. Unnamed numbers are kept.</summary>
public enum ReplicationMode
{
    /// <summary>Not replicated.</summary>
    None = 0,

    /// <summary>Sends its changes to a replica.</summary>
    Primary = 1,

    /// <summary>Receives a primary's changes: the recovery machine, on which a failback is started.</summary>
    Replica = 2,

    /// <summary>A test failover's machine.</summary>
    TestReplica = 3,

    /// <summary>Receives a replica's changes.</summary>
    ExtendedReplica = 4,
}

/// <summary><c>Msvm_ReplicationRelationship.ReplicationHealth</c> with the host's numbers. Unnamed numbers are kept.</summary>
public enum ReplicationHealth
{
    /// <summary>Not replicated.</summary>
    NotApplicable = 0,

    /// <summary>Good.</summary>
    Ok = 1,

    /// <summary>Needs attention; also the normal health of a machine that has failed over and has not been reversed.</summary>
    Warning = 2,

    /// <summary>Replication does not work.</summary>
    Critical = 3,
}

/// <summary><c>FailedOverReplicationType</c> and <c>LastReplicationType</c> with the host's numbers.</summary>
public enum ReplicationType
{
    /// <summary>None yet.</summary>
    None = 0,

    /// <summary>Crash-consistent.</summary>
    Regular = 1,

    /// <summary>Application-consistent (VSS).</summary>
    ApplicationConsistent = 2,

    /// <summary>Of a planned failover.</summary>
    Planned = 3,
}

/// <summary>How the two sides of a relationship authenticate, with the host's numbers.</summary>
public enum AuthenticationType
{
    /// <summary>Kerberos over HTTP.</summary>
    Kerberos = 1,

    /// <summary>Certificates over HTTPS.</summary>
    Certificate = 2,
}

/// <summary>Identifies the in-box replication provider, which replicates from Hyper-V host to Hyper-V host.</summary>
public static class ReplicationProviderPath
{
    /// <summary>The name of the in-box provider.</summary>
    public const string InBoxProvider = "22391CDC-272C-4DDF-BA88-9BEFB1A0975C";

    /// <summary>Whether the path names a provider other than the in-box one; null when there is no path.</summary>
    public static bool? IsExternal(string? path)
        => string.IsNullOrWhiteSpace(path)
            ? null
            : !path.TrimEnd().TrimEnd('"').EndsWith(InBoxProvider, StringComparison.OrdinalIgnoreCase);
}
