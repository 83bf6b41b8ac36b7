namespace HostAgent.HyperV.Replication;

/// <summary><c>Msvm_ReplicationRelationship.ReplicationHealth</c> with the host's numbers. A number without a name stays a number.</summary>
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
