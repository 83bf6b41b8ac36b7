using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Clusters;
using HostAgent.HyperV.Volumes;

namespace HostAgent.HyperV;

/// <summary>The classes and associations of <c>root\virtualization\v2</c> that this product uses.</summary>
public static class HyperVClasses
{
    /// <summary>The namespace.</summary>
    public const string Namespace = @"root\virtualization\v2";

    /// <summary>Machines, plus the host itself as one row. Keys CreationClassName and Name.</summary>
    public const string ComputerSystem = "Msvm_ComputerSystem";

    /// <summary>The replication service, one instance per host.</summary>
    public const string ReplicationService = "Msvm_ReplicationService";

    /// <summary>Its settings.</summary>
    public const string ReplicationServiceSettingData = "Msvm_ReplicationServiceSettingData";

    /// <summary>Servers that may replicate to the host. Key InstanceID.</summary>
    public const string ReplicationAuthorizationSettingData = "Msvm_ReplicationAuthorizationSettingData";

    /// <summary>Replication providers. Key InstanceID.</summary>
    public const string ReplicationProvider = "Msvm_ReplicationProvider";

    /// <summary>Replication relationships. Key InstanceID.</summary>
    public const string ReplicationRelationship = "Msvm_ReplicationRelationship";

    /// <summary>Replication settings. Key InstanceID.</summary>
    public const string ReplicationSettingData = Replication.ReplicationSettingData.ClassName;

    /// <summary>Machine settings; recovery points and checkpoints are of this class. Key InstanceID.</summary>
    public const string VirtualSystemSettingData = "Msvm_VirtualSystemSettingData";

    /// <summary>Jobs. Key InstanceID.</summary>
    public const string ConcreteJob = "Msvm_ConcreteJob";

    /// <summary>The class that every kind of job derives from.</summary>
    public const string AnyConcreteJob = "CIM_ConcreteJob";

    /// <summary>Storage attached to machines and checkpoints, including virtual hard disks. Key InstanceID.</summary>
    public const string StorageAllocationSettingData = "Msvm_StorageAllocationSettingData";

    /// <summary>The service that reads disk files, one instance per host.</summary>
    public const string ImageManagementService = "Msvm_ImageManagementService";

    /// <summary>Machine settings (GroupComponent) to attached devices (PartComponent).</summary>
    public const string VirtualSystemSettingDataComponent = "Msvm_VirtualSystemSettingDataComponent";

    /// <summary>Machine (Antecedent) to relationship (Dependent).</summary>
    public const string SystemReplicationRelationship = "Msvm_SystemReplicationRelationship";

    /// <summary>Machine to settings.</summary>
    public const string ElementSettingData = "Msvm_ElementSettingData";

    /// <summary>Machine (Antecedent) to snapshot (Dependent).</summary>
    public const string SnapshotOfVirtualSystem = "Msvm_SnapshotOfVirtualSystem";

    /// <summary>Machine (AffectedElement) to job (AffectingElement).</summary>
    public const string AffectedJobElement = "Msvm_AffectedJobElement";

    /// <summary>Replica (Antecedent) to test machine (Dependent).</summary>
    public const string ReplicaSystemDependency = "Msvm_ReplicaSystemDependency";
}

/// <summary>
/// The sessions on one host's namespaces. All changes go through the first. The others are only read before a failback; a host
/// without them, or one where they cannot be opened, works all the same. The owner disposes the sessions.
/// </summary>
/// <param name="Virtualization"><c>root\virtualization\v2</c>.</param>
/// <param name="Windows"><see cref="VolumeClasses.Namespace"/>; null when it is not used.</param>
/// <param name="Cluster"><see cref="ClusterClasses.Namespace"/>; null when the host is known not to be a cluster node.</param>
public sealed record HostNamespaces(ICimSession Virtualization, ICimSession? Windows = null, ICimSession? Cluster = null)
{
    /// <summary>The sessions that exist.</summary>
    public IEnumerable<ICimSession> Sessions => new[] { Virtualization, Windows, Cluster }.OfType<ICimSession>();
}
