using HostAgent.HyperV.Replication;
using HostAgent.HyperV.VirtualMachines;

namespace HostAgent.HyperV.HomeReadiness;

/// <summary>One machine as its host shows it. Settings are those of <c>Msvm_VirtualSystemSettingData</c> [doc] unless another class is named.</summary>
public sealed record HomeMachine
{
    /// <summary>The display name.</summary>
    public required string Name { get; init; }

    /// <summary>Whether it runs.</summary>
    public required EnabledState EnabledState { get; init; }

    /// <summary>The work in progress.</summary>
    public OperationalStatus? OperationInProgress { get; init; }

    /// <summary>Its replication mode.</summary>
    public required ReplicationMode Mode { get; init; }

    /// <summary>Its replication state.</summary>
    public required ReplicationState State { get; init; }

    /// <summary>Its replication settings; null when it is not replicated.</summary>
    public HomeReplication? Replication { get; init; }

    /// <summary>The configuration version, for example <c>10.0</c>.</summary>
    public string? Version { get; init; }

    /// <summary><c>VirtualSystemSubType</c>, which ends in the generation, 1 or 2.</summary>
    public string? Generation { get; init; }

    /// <summary>Whether secure boot is on.</summary>
    public bool? SecureBootEnabled { get; init; }

    /// <summary>The secure boot template's GUID.</summary>
    public string? SecureBootTemplate { get; init; }

    /// <summary><c>AutomaticShutdownAction</c>: 2 turn off, 3 save, 4 shut down [doc].</summary>
    public int? ShutdownAction { get; init; }

    /// <summary>Whether it has a virtual TPM (<c>Msvm_SecuritySettingData.TpmEnabled</c>) [doc].</summary>
    public bool? TpmEnabled { get; init; }

    /// <summary>Whether it is shielded (<c>Msvm_SecuritySettingData.ShieldingRequested</c>) [doc].</summary>
    public bool? Shielded { get; init; }

    /// <summary>Memory that it needs to start (<c>Msvm_MemorySettingData.VirtualQuantity</c>, in MB) [doc].</summary>
    public long? StartupMemoryBytes { get; init; }

    /// <summary>Whether its memory is dynamic (<c>Msvm_MemorySettingData.DynamicMemoryEnabled</c>) [doc].</summary>
    public bool? DynamicMemory { get; init; }

    /// <summary>The network adapters.</summary>
    public IReadOnlyList<HomeAdapter>? Adapters { get; init; }

    /// <summary>The virtual hard disks.</summary>
    public IReadOnlyList<HomeDisk>? Disks { get; init; }

    /// <summary>Paths of mounted ISO images and virtual floppy disks.</summary>
    public IReadOnlyList<string>? MountedMedia { get; init; }

    /// <summary>Devices of the host that it uses.</summary>
    public IReadOnlyList<HomeDevice>? Devices { get; init; }

    /// <summary>Names of its ordinary checkpoints.</summary>
    public IReadOnlyList<string>? Checkpoints { get; init; }

    /// <summary><c>Msvm_ShutdownComponent.OperationalStatus[0]</c>: 2 is OK; 0 when the machine has no such component; null while it does not run or when not shown.</summary>
    public int? ShutdownService { get; init; }

    /// <summary>The same of <c>Msvm_KvpExchangeComponent</c>, by which a guest takes its addresses after a failover.</summary>
    public int? DataExchangeService { get; init; }
}

/// <summary>The replication settings that a return depends on, as one side has them.</summary>
public sealed record HomeReplication
{
    /// <summary>Whether another provider than the in-box one replicates.</summary>
    public bool? IsExternal { get; init; }

    /// <summary>How the two sides authenticate.</summary>
    public AuthenticationType? Authentication { get; init; }

    /// <summary>Thumbprint of this side's certificate.</summary>
    public string? CertificateThumbprint { get; init; }

    /// <summary>Name of this side's host.</summary>
    public string? OwnHost { get; init; }

    /// <summary>Name by which this side is reached; the broker's in a cluster.</summary>
    public string? OwnConnectionPoint { get; init; }

    /// <summary>The same of the other side.</summary>
    public string? PeerHost { get; init; }

    /// <summary>The same of the other side.</summary>
    public string? PeerConnectionPoint { get; init; }

    /// <summary>The interval in seconds.</summary>
    public int? Interval { get; init; }

    /// <summary>How many recovery points are kept.</summary>
    public int? RecoveryHistory { get; init; }

    /// <summary>Hours between application-consistent points; 0 for none.</summary>
    public int? ApplicationConsistentInterval { get; init; }
}

/// <summary>A network adapter with its port.</summary>
public sealed record HomeAdapter
{
    /// <summary>The key of the adapter's settings, which both sides share; adapters are matched by it and not by name or order.</summary>
    public required string Id { get; init; }

    /// <summary>The display name.</summary>
    public required string Name { get; init; }

    /// <summary>The MAC address, twelve hexadecimal digits.</summary>
    public string? MacAddress { get; init; }

    /// <summary>Whether the address is static.</summary>
    public bool? StaticMacAddress { get; init; }

    /// <summary>The switch that the port is connected to; null when it is not, or the switch is not known to the host.</summary>
    public string? Switch { get; init; }

    /// <summary>The VLAN setting as text, for example <c>access 12</c>; null without one.</summary>
    public string? Vlan { get; init; }

    /// <summary>How many access control entries the port has; null when not known.</summary>
    public int? AccessControls { get; init; }

    /// <summary>The weight of SR-IOV; 0 for off; null when not known.</summary>
    public int? IovWeight { get; init; }

    /// <summary>Names of the features that a switch must offer for the port (<c>RequiredFeatureHints</c>) [doc].</summary>
    public IReadOnlyList<string> RequiredFeatures { get; init; } = [];

    /// <summary>Whether the guest gets an address of its own after a failover (<c>Msvm_FailoverNetworkAdapterSettingData</c>) [doc]; null when not known.</summary>
    public bool? HasFailoverAddress { get; init; }
}

/// <summary>A virtual hard disk.</summary>
/// <param name="Place">Controller and slot: the disk's key without the machine's GUID, the same on both sides.</param>
/// <param name="Path">Its file.</param>
/// <param name="Bytes">The size that the guest sees; null when unknown.</param>
/// <param name="Shared">Whether several machines may attach it at once; null when unknown.</param>
/// <param name="Replicated">Whether the replication settings include it.</param>
public sealed record HomeDisk(string Place, string Path, long? Bytes, bool? Shared, bool Replicated);

/// <summary>A device of the host that a machine uses and that another host may not have.</summary>
/// <param name="Kind">What it is, for example <c>GPU partition</c>.</param>
/// <param name="Name">Which one.</param>
/// <param name="HoldsData">Whether it is a disk, whose content replication leaves out.</param>
public sealed record HomeDevice(string Kind, string Name, bool HoldsData);
