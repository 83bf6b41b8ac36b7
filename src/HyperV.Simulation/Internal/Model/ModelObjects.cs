using HostAgent.HyperV.Simulation.Internal.World;

namespace HostAgent.HyperV.Simulation.Internal.Model;

/// <summary>The host's own row of Msvm_ComputerSystem.</summary>
internal sealed record HostSystem;

/// <summary>The one Msvm_ReplicationService.</summary>
internal sealed record ReplicationService;

/// <summary>The one Msvm_ReplicationServiceSettingData.</summary>
internal sealed record ReplicationServiceSettings;

/// <summary>A replication provider of the host.</summary>
/// <param name="Id">Its class identifier.</param>
/// <param name="InBox">Whether it is Hyper-V's own.</param>
internal sealed record ReplicationProvider(Guid Id, bool InBox);

/// <summary>A virtual machine's own settings.</summary>
internal sealed record SystemSettings(VirtualMachine Machine);

/// <summary>An ordinary checkpoint of a virtual machine.</summary>
internal sealed record Checkpoint(VirtualMachine Machine, int Index, string Name);

/// <summary>A virtual hard disk of a virtual machine.</summary>
/// <param name="Machine">The machine.</param>
/// <param name="Index">Its place on the controller, from 0.</param>
internal sealed record HardDisk(VirtualMachine Machine, int Index);

/// <summary>The one Msvm_ImageManagementService.</summary>
internal sealed record ImageManagementService;

/// <summary>What one network adapter of a guest is given after a failover.</summary>
/// <param name="Machine">The machine.</param>
/// <param name="Index">Its place among the machine's adapters.</param>
/// <param name="Text">The settings as an embedded instance.</param>
internal sealed record FailoverNetworkAdapter(VirtualMachine Machine, int Index, string Text);

/// <summary>The integration service through which a machine's guest shuts down.</summary>
internal sealed record ShutdownComponent(VirtualMachine Machine);

/// <summary>The one Msvm_VirtualSystemManagementService.</summary>
internal sealed record VirtualSystemManagementService;

/// <summary>One replication relationship: 0 is the primary one, 1 the extended one.</summary>
internal sealed record Relationship(VirtualMachine Machine, int Index)
{
    /// <summary>The key of the relationship and of its settings.</summary>
    public string InstanceId => string.Create(
        System.Globalization.CultureInfo.InvariantCulture, $@"Microsoft:{CimText.Guid(Machine.Id)}\HVR\{Index}");
}

/// <summary>The settings of a relationship.</summary>
internal sealed record RelationshipSettings(Relationship Relationship);
