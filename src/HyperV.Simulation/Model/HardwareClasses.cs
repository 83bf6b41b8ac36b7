using HostAgent.HyperV.Simulation.Identifiers;
using HostAgent.HyperV.Simulation.World;

namespace HostAgent.HyperV.Simulation.Model;

/// <summary>A part of a machine's settings that it has exactly once.</summary>
internal abstract class MachinePartClass<T>(string name, string device) : SimulatedClassOf<T>
    where T : MachinePart
{
    public override string Name => name;

    public override IReadOnlyList<string> Ancestors { get; } = ["CIM_ResourceAllocationSettingData", "CIM_SettingData"];

    protected abstract T Of(VirtualMachine machine);

    protected override IEnumerable<T> Objects(HostWorld world) => world.VirtualMachines.Select(Of);

    protected override IReadOnlyList<KeyValuePair<string, object>> Keys(HostWorld world, T item) => [new("InstanceID", $@"Microsoft:{CimText.Guid(item.Machine.Id)}\{device}")];
}

/// <summary>Msvm_SecuritySettingData: the trusted platform module.</summary>
internal sealed class SecuritySettingsClass() : MachinePartClass<SecuritySettings>("Msvm_SecuritySettingData", "Security")
{
    protected override SecuritySettings Of(VirtualMachine machine) => new(machine);

    protected override void Fill(HostWorld world, SecuritySettings item, Dictionary<string, object?> properties)
    {
        properties["Caption"] = "Security Settings";
        properties["ElementName"] = "Security Settings";
        properties["TpmEnabled"] = item.Machine.Description.Tpm;
        properties["ShieldingRequested"] = false;
        properties["EncryptStateAndVmMigrationTraffic"] = item.Machine.Description.Tpm;
        properties["DataProtectionRequested"] = false;
    }
}

/// <summary>Msvm_MemorySettingData: the memory at the start, in megabytes.</summary>
internal sealed class MemorySettingsClass() : MachinePartClass<MemorySettings>("Msvm_MemorySettingData", "4764334D-E001-4176-82EE-5594EC9B530E")
{
    protected override MemorySettings Of(VirtualMachine machine) => new(machine);

    protected override void Fill(HostWorld world, MemorySettings item, Dictionary<string, object?> properties)
    {
        properties["Caption"] = "Memory";
        properties["ElementName"] = "Memory";
        properties["ResourceType"] = (ushort)4;
        properties["ResourceSubType"] = "Microsoft:Hyper-V:Memory";
        properties["AllocationUnits"] = "byte * 2^20";
        properties["VirtualQuantity"] = (ulong)item.Machine.Description.MemoryMegabytes;
        properties["Reservation"] = (ulong)item.Machine.Description.MemoryMegabytes;
        properties["Limit"] = (ulong)item.Machine.Description.MemoryMegabytes;
        properties["DynamicMemoryEnabled"] = false;
    }
}

/// <summary>Msvm_StorageAllocationSettingData for a mounted DVD image.</summary>
internal sealed class MountedImageClass : SimulatedClassOf<MountedImage>
{
    public override string Name => HyperVClasses.StorageAllocationSettingData;

    public override IReadOnlyList<string> Ancestors { get; } = ["CIM_StorageAllocationSettingData", "CIM_ResourceAllocationSettingData", "CIM_SettingData"];

    public static IEnumerable<MountedImage> Of(VirtualMachine machine) => machine.Description.Iso is null ? [] : [new MountedImage(machine)];

    protected override IEnumerable<MountedImage> Objects(HostWorld world) => world.VirtualMachines.SelectMany(Of);

    protected override IReadOnlyList<KeyValuePair<string, object>> Keys(HostWorld world, MountedImage item)
        => [new("InstanceID", $@"Microsoft:{CimText.Guid(item.Machine.Id)}\83F8638B-8DCA-4152-9EDA-2CA8B33039B4\0\63\L")];

    protected override void Fill(HostWorld world, MountedImage item, Dictionary<string, object?> properties)
    {
        properties["Caption"] = "ISO Disk Image";
        properties["ElementName"] = "ISO Disk Image";
        properties["ResourceType"] = (ushort)31;
        properties["ResourceSubType"] = "Microsoft:Hyper-V:Virtual CD/DVD Disk";
        properties["HostResource"] = new[] { item.Machine.Description.Iso! };
    }
}

/// <summary>A part of a machine's settings.</summary>
internal abstract record MachinePart(VirtualMachine Machine);

/// <summary>A machine's security settings.</summary>
internal sealed record SecuritySettings(VirtualMachine Machine) : MachinePart(Machine);

/// <summary>A machine's memory settings.</summary>
internal sealed record MemorySettings(VirtualMachine Machine) : MachinePart(Machine);

/// <summary>A machine's mounted DVD image.</summary>
internal sealed record MountedImage(VirtualMachine Machine) : MachinePart(Machine);
