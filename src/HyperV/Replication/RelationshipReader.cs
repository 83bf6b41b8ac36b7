using HostAgent.HyperV.Cim;

namespace HostAgent.HyperV.Replication;

/// <summary>Reads Msvm_ReplicationRelationship instances.</summary>
internal static class RelationshipReader
{
    /// <summary>The relationship, or null when its key does not belong to a machine.</summary>
    public static ReplicationRelationship? Read(CimInstance instance)
        => ReplicationInstanceId.TryParse(instance.GetString("InstanceID"), out var id)
            ? new ReplicationRelationship
            {
                Path = instance.Path,
                InstanceId = id,
                State = (ReplicationState)(instance.GetInteger("ReplicationState")
                    ?? throw new CimDataException(instance.ClassName, "ReplicationState", "it is missing")),
                Health = (ReplicationHealth)(instance.GetInteger("ReplicationHealth") ?? 0),
                FailedOverReplicationType = (ReplicationType)(instance.GetInteger("FailedOverReplicationType") ?? 0),
                LastReplicationType = (ReplicationType)(instance.GetInteger("LastReplicationType") ?? 0),
                LastReplicationTime = instance.GetDateTime("LastReplicationTime"),
                LastApplicationConsistentReplicationTime = instance.GetDateTime("LastApplicationConsistentReplicationTime"),
                LastApplyTime = instance.GetDateTime("LastApplyTime"),
            }
            : null;
}
