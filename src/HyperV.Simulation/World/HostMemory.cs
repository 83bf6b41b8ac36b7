using HostAgent.HyperV.Simulation.Estates;
using HostAgent.HyperV.VirtualMachines;

namespace HostAgent.HyperV.Simulation.World;

/// <summary>The host's memory, which its running machines share.</summary>
internal static class HostMemory
{
    // What Windows itself keeps.
    private const int OfHostMegabytes = 512;

    public static int FreeMegabytes(HostWorld world)
        => Math.Max(0, world.Description.MemoryMegabytes - OfHostMegabytes - world.VirtualMachines.Where(machine => machine.Power is not (EnabledState.Off or EnabledState.Saved)).Sum(machine => machine.Description.MemoryMegabytes));
}

/// <summary>The configuration versions of virtual machines.</summary>
internal static class ConfigurationVersions
{
    private static readonly string[] All = ["4.0", "5.0", "8.0", "9.0"];

    /// <summary>The newest version of a platform, which its machines have.</summary>
    public static string Newest(HostPlatform platform) => All[(int)platform];

    /// <summary>The versions that a host supports.</summary>
    public static IReadOnlyList<string> Of(SimulatedHostDescription host) => host.SupportedVersions ?? host.Platform switch
    {
        HostPlatform.WindowsServer2012 => ["4.0"],
        HostPlatform.WindowsServer2012R2 => ["4.0", "5.0"],
        HostPlatform.WindowsServer2016 => ["5.0", "6.2", "7.0", "7.1", "8.0"],
        _ => ["5.0", "6.2", "7.0", "7.1", "8.0", "8.1", "8.2", "8.3", "9.0"],
    };

    public static string Of(VirtualMachine machine, SimulatedHostDescription host) => machine.Description.Version ?? Newest(host.Platform);
}

/// <summary>What keeps a machine from starting although nothing forbids it: the start is accepted, and its job fails.</summary>
internal static class StartObstacle
{
    public static string? Of(VirtualMachine machine, HostWorld world) => machine.Description switch
    {
        { Tpm: true, HasTpmKeys: false } => "the key protector could not be unwrapped",
        { Iso: { } iso, IsoExists: false } => $"the attachment '{iso}' was not found",
        { MemoryMegabytes: var needed } when needed > HostMemory.FreeMegabytes(world) => FormattableString.Invariant($"not enough memory: {needed} MB are needed and {HostMemory.FreeMegabytes(world)} MB are free"),
        _ when !ConfigurationVersions.Of(world.Description).Contains(ConfigurationVersions.Of(machine, world.Description), StringComparer.Ordinal)
            => $"the configuration version {ConfigurationVersions.Of(machine, world.Description)} is not supported by this host",
        _ => null,
    };
}
