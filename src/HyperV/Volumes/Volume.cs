using HostAgent.HyperV.Cim;

namespace HostAgent.HyperV.Volumes;

/// <summary>A volume of the host (<c>Win32_Volume</c>).</summary>
/// <param name="Name">The mount point, for example <c>C:\</c> or <c>C:\ClusterStorage\Volume1\</c>; the device name when it is not mounted.</param>
/// <param name="DeviceId">The device name, <c>\\?\Volume{…}\</c>; null when the host does not report it.</param>
/// <param name="FreeBytes">Free space in bytes.</param>
/// <param name="CapacityBytes">Capacity in bytes.</param>
public sealed record Volume(string Name, string? DeviceId, long FreeBytes, long CapacityBytes);

/// <summary>The classes of Windows' own namespace that this product uses.</summary>
public static class VolumeClasses
{
    /// <summary>The namespace.</summary>
    public const string Namespace = @"root\cimv2";

    /// <summary>Volumes, including cluster volumes mounted on this host.</summary>
    public const string Volume = "Win32_Volume";
}

/// <summary>Finds the volume of a file: the one with the longest matching mount point.</summary>
/// <param name="volumes">The volumes.</param>
public sealed class VolumeMap(IReadOnlyCollection<Volume> volumes)
{
    private const string Literal = @"\\?\";

    /// <summary>The volume of a path; null for a share, and for a path on none of the volumes.</summary>
    public Volume? Find(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        var plain = path.StartsWith(Literal, StringComparison.Ordinal) && path[Literal.Length..] is [_, ':', ..] ? path[Literal.Length..] : path;
        return volumes
            .Where(volume => plain.StartsWith(volume.Name, StringComparison.OrdinalIgnoreCase) || (volume.DeviceId is { Length: > 0 } device && plain.StartsWith(device, StringComparison.OrdinalIgnoreCase)))
            .MaxBy(volume => volume.Name.Length);
    }
}

/// <summary>Reads the host's volumes in one call. Unformatted and offline volumes have no size and are skipped.</summary>
internal static class VolumeReader
{
    public static async Task<IReadOnlyList<Volume>> ListAsync(ICimSession session, CancellationToken cancellationToken)
    {
        var volumes = new List<Volume>();
        foreach (var instance in await session.ListInstancesAsync(VolumeClasses.Volume, [], cancellationToken))
        {
            if (instance.GetString("Name") is { Length: > 0 } name && instance.GetInteger("FreeSpace") is { } free && instance.GetInteger("Capacity") is { } capacity)
            {
                volumes.Add(new Volume(name, instance.GetString("DeviceID"), free, capacity));
            }
        }

        return volumes;
    }
}
