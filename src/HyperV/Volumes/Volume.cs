using HostAgent.HyperV.Cim;

namespace HostAgent.HyperV.Volumes;

/// <summary>A volume of the host (<c>Win32_Volume</c>).</summary>
/// <param name="Name">Where it is mounted, for example <c>C:\</c> or <c>C:\ClusterStorage\Volume1\</c>; the device's name when it is not.</param>
/// <param name="DeviceId">The device's name, <c>\\?\Volume{…}\</c>; null when the host does not tell.</param>
/// <param name="FreeBytes">What is free, in bytes.</param>
/// <param name="CapacityBytes">How large it is, in bytes.</param>
public sealed record Volume(string Name, string? DeviceId, long FreeBytes, long CapacityBytes);

/// <summary>What this product asks of Windows' own namespace.</summary>
public static class VolumeClasses
{
    /// <summary>The namespace.</summary>
    public const string Namespace = @"root\cimv2";

    /// <summary>Volumes, those of the cluster included that are mounted here.</summary>
    public const string Volume = "Win32_Volume";
}

/// <summary>Which of a host's volumes holds a file: the one that is mounted deepest on the way to it.</summary>
/// <param name="volumes">The volumes.</param>
public sealed class VolumeMap(IReadOnlyCollection<Volume> volumes)
{
    private const string Literal = @"\\?\";

    /// <summary>The volume that a path leads to; null for a share, and for any path that is on none of them.</summary>
    public Volume? Find(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        var plain = path.StartsWith(Literal, StringComparison.Ordinal) && path[Literal.Length..] is [_, ':', ..] ? path[Literal.Length..] : path;
        return volumes
            .Where(volume => plain.StartsWith(volume.Name, StringComparison.OrdinalIgnoreCase) || (volume.DeviceId is { Length: > 0 } device && plain.StartsWith(device, StringComparison.OrdinalIgnoreCase)))
            .MaxBy(volume => volume.Name.Length);
    }
}

/// <summary>Reads the host's volumes in one call. One that is not formatted, or is offline, has no size and is left out.</summary>
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
