using HostAgent.HyperV.Cim;

namespace HostAgent.HyperV.Volumes.Internal;

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
