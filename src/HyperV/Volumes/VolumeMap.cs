namespace HostAgent.HyperV.Volumes;

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
