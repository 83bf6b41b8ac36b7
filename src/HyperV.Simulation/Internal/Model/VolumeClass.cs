using HostAgent.HyperV.Simulation.Estates;
using HostAgent.HyperV.Simulation.Internal.World;
using HostAgent.HyperV.Volumes;

namespace HostAgent.HyperV.Simulation.Internal.Model;

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
