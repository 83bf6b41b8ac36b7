using System.Globalization;
using HostAgent.HyperV.Disks;
using HostAgent.HyperV.Simulation.Estates;
using HostAgent.HyperV.Simulation.Faults;
using HostAgent.HyperV.Simulation.Identifiers;
using HostAgent.HyperV.Simulation.World;
using HostAgent.HyperV.Volumes;

namespace HostAgent.HyperV.Simulation.Model;

/// <summary>Msvm_StorageAllocationSettingData for virtual hard disks.</summary>
internal sealed class HardDiskClass : SimulatedClassOf<HardDisk>
{
    private const string FirstScsiController = "83F8638B-8DCA-4152-9EDA-2CA8B33039B4";
    private const ushort LogicalDisk = 31;

    public override string Name => HyperVClasses.StorageAllocationSettingData;

    public override IReadOnlyList<string> Ancestors { get; } = ["CIM_StorageAllocationSettingData", "CIM_ResourceAllocationSettingData", "CIM_SettingData"];

    public static IEnumerable<HardDisk> Of(VirtualMachine machine)
        => Enumerable.Range(0, machine.Description.Disks).Select(index => new HardDisk(machine, index));

    public static string InstanceIdOf(HardDisk disk)
        => string.Create(CultureInfo.InvariantCulture, $@"Microsoft:{CimText.Guid(disk.Machine.Id)}\{FirstScsiController}\0\{disk.Index}\L");

    /// <summary>The file is in the machine's own folder, so that machines with the same name have different files.</summary>
    public static string PathOf(HardDisk disk)
        => string.Create(CultureInfo.InvariantCulture, $@"D:\Hyper-V Replica\Virtual hard disks\{CimText.Guid(disk.Machine.Id)}\disk-{disk.Index + 1}.vhdx");

    /// <summary>Its size in bytes: an equal share of the machine's total, in whole sectors.</summary>
    public static ulong BytesOf(HardDisk disk)
    {
        const ulong Sector = 512;
        var bytes = (ulong)(disk.Machine.Description.DiskGigabytes * 1e9 / disk.Machine.Description.Disks);
        return (bytes + Sector - 1) / Sector * Sector;
    }

    public static bool HasFile(HostWorld world, HardDisk disk)
        => !disk.Machine.Description.Faults.Concat(world.Description.Faults).OfType<DiskMissingFault>().Any(fault => fault.Disk == disk.Index + 1);

    /// <summary>The disk with a file at a path, whether or not the file exists; null when no machine of the host has one there.</summary>
    public static HardDisk? Find(HostWorld world, string path)
        => Guid.TryParse(path.Split('\\') is [.., var folder, _] ? folder : null, out var id) && world.FindVirtualMachine(id) is { } machine
            ? Of(machine).FirstOrDefault(disk => string.Equals(PathOf(disk), path, StringComparison.OrdinalIgnoreCase))
            : null;

    protected override IEnumerable<HardDisk> Objects(HostWorld world) => world.VirtualMachines.SelectMany(Of);

    protected override IReadOnlyList<KeyValuePair<string, object>> Keys(HostWorld world, HardDisk item) => [new("InstanceID", InstanceIdOf(item))];

    protected override void Fill(HostWorld world, HardDisk item, Dictionary<string, object?> properties)
    {
        properties["Caption"] = "Hard Disk Image";
        properties["Description"] = "Settings for the Microsoft Hard Disk Image.";
        properties["ElementName"] = "Hard Disk Image";
        properties["ResourceType"] = LogicalDisk;
        properties["ResourceSubType"] = VirtualHardDisk.ResourceSubType;
        properties["HostResource"] = new[] { PathOf(item) };
        properties["Address"] = item.Index.ToString(CultureInfo.InvariantCulture);
        properties["PersistentReservationsSupported"] = false;
    }
}

/// <summary>Win32_Volume: the volumes of the host's description.</summary>
internal sealed class VolumeClass : SimulatedClassOf<SimulatedVolumeDescription>
{
    private const uint LocalDisk = 3;
    private const double Gigabyte = 1e9;

    public override string Name => VolumeClasses.Volume;

    public override IReadOnlyList<string> Ancestors { get; } = ["CIM_StorageVolume"];

    protected override string Namespace => VolumeClasses.Namespace;

    protected override IEnumerable<SimulatedVolumeDescription> Objects(HostWorld world) => world.Description.Volumes;

    protected override IReadOnlyList<KeyValuePair<string, object>> Keys(HostWorld world, SimulatedVolumeDescription item)
        => [new("DeviceID", $@"\\?\Volume{{{SeededGuid.Create(world.Seed, "volume", world.Description.Name, item.Name):D}}}\")];

    protected override void Fill(HostWorld world, SimulatedVolumeDescription item, Dictionary<string, object?> properties)
    {
        properties["Name"] = item.Name;
        properties["Caption"] = item.Name;
        properties["SystemName"] = world.Description.Name;
        properties["DriveType"] = LocalDisk;
        properties["DriveLetter"] = item.Name is [var letter, ':', '\\'] ? $"{letter}:" : null;
        properties["FileSystem"] = item.Name.Contains("ClusterStorage", StringComparison.OrdinalIgnoreCase) ? "CSVFS" : "NTFS";
        properties["Capacity"] = (ulong)(item.CapacityGigabytes * Gigabyte);
        properties["FreeSpace"] = (ulong)((item.FreeGigabytes ?? item.CapacityGigabytes / 2) * Gigabyte);
    }
}

/// <summary>Msvm_ImageManagementService; reports disk sizes.</summary>
internal sealed class ImageManagementServiceClass : SimulatedClassOf<ImageManagementService>
{
    private static readonly ImageManagementService[] One = [new()];

    public override string Name => HyperVClasses.ImageManagementService;

    // Not CIM_Service, although the real one is: clients list that class to find the replication service.
    public override IReadOnlyList<string> Ancestors { get; } = ["CIM_VirtualSystemImageManagementService"];

    protected override IEnumerable<ImageManagementService> Objects(HostWorld world) => One;

    protected override IReadOnlyList<KeyValuePair<string, object>> Keys(HostWorld world, ImageManagementService item)
    => [
        new("CreationClassName", Name), new("Name", "vhdmgmt"),
        new("SystemCreationClassName", HyperVClasses.ComputerSystem), new("SystemName", world.Description.Name),
    ];

    protected override void Fill(HostWorld world, ImageManagementService item, Dictionary<string, object?> properties)
    {
        properties["Caption"] = "Hyper-V Image Management Service";
        properties["ElementName"] = "Hyper-V Image Management Service";
        FillHealthy(properties);
        properties["EnabledState"] = (ushort)2;
        properties["Started"] = true;
    }
}
