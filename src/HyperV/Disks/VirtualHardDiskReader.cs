using System.Collections.Concurrent;
using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Cim.Xml;
using HostAgent.HyperV.Failback;
using HostAgent.HyperV.VirtualMachines;

namespace HostAgent.HyperV.Disks;

/// <summary>Reads which disks machines have, and the disk files.</summary>
internal sealed class VirtualHardDiskReader(ICimSession session)
{
    // A disk on hung storage must not use up all of the session's call slots.
    private const int FilesAtOnce = 2;
    private const string IdPrefix = "Microsoft:";

    private static readonly CimFilter VirtualHardDisks = new("ResourceSubType", VirtualHardDisk.ResourceSubType);

    /// <summary>The disks of all machines, in one call.</summary>
    public async Task<IReadOnlyList<VirtualHardDisk>> ListAsync(CancellationToken cancellationToken)
        => [.. (await session.ListInstancesAsync(HyperVClasses.StorageAllocationSettingData, [VirtualHardDisks], cancellationToken)).Select(Read).OfType<VirtualHardDisk>()];

    /// <summary>The disks of one machine, in one call.</summary>
    public async Task<IReadOnlyList<VirtualHardDisk>> ListAsync(VirtualMachineId id, CancellationToken cancellationToken)
    {
        var settings = CimObjectPath.ForKey(HyperVClasses.VirtualSystemSettingData, "InstanceID", $"{IdPrefix}{id}");
        var attached = await session.ListAssociatorsAsync(
            settings, HyperVClasses.VirtualSystemSettingDataComponent, HyperVClasses.StorageAllocationSettingData, cancellationToken);
        return [.. attached.Where(IsVirtualHardDisk).Select(Read).OfType<VirtualHardDisk>().Where(disk => disk.VirtualMachine == id)];
    }

    /// <summary>Reads disk files: one call each, after one call for the service. A file that cannot be read does not affect the others.</summary>
    /// <exception cref="CimException">The host has no image management service.</exception>
    public async Task<IReadOnlyDictionary<string, VirtualHardDiskFile>> ReadFilesAsync(IReadOnlyCollection<string> paths, CancellationToken cancellationToken)
    {
        var files = new ConcurrentDictionary<string, VirtualHardDiskFile>(StringComparer.OrdinalIgnoreCase);
        if (paths.Count == 0)
        {
            return files;
        }

        var service = await session.ListInstancesAsync(HyperVClasses.ImageManagementService, [], cancellationToken) is [{ Path: { } path }, ..]
            ? path
            : throw new CimException(CimErrorCode.NotFound, $"The host has no {HyperVClasses.ImageManagementService}.");
        await Parallel.ForEachAsync(
            paths,
            new ParallelOptions { MaxDegreeOfParallelism = FilesAtOnce, CancellationToken = cancellationToken },
            async (file, token) => files[file] = await ReadFileAsync(service, file, token));
        return files;
    }

    private async Task<VirtualHardDiskFile> ReadFileAsync(CimObjectPath service, string path, CancellationToken cancellationToken)
    {
        try
        {
            var result = await session.InvokeMethodAsync(
                service, ImageManagementServiceMethods.GetVirtualHardDiskSettingData.Name, new Dictionary<string, object?> { ["Path"] = path }, cancellationToken);
            var code = (ReturnCode)result.ReturnValue;

            // With 4096 there is no size: the job reports its end only.
            return code is ReturnCode.Completed && SizeIn(result.Outputs.GetValueOrDefault("SettingData")) is { } bytes
                ? new VirtualHardDiskFile(path, code, bytes, "read")
                : new VirtualHardDiskFile(path, code, Bytes: null, code is ReturnCode.Completed ? "the host reported no size" : $"the host answered {Numbered.Text(code)}");
        }
        catch (Exception exception) when (exception is CimException or CimDataException or CimXmlException)
        {
            return new VirtualHardDiskFile(path, Code: null, Bytes: null, exception.Message);
        }
    }

    private static long? SizeIn(object? settings)
        => EmbeddedInstances.Read(
            settings,
            (HyperVClasses.ImageManagementService, "GetVirtualHardDiskSettingData.SettingData"),
            instance => instance.GetInteger("MaxInternalSize")) is [{ } bytes and > 0, ..] ? bytes : null;

    private static bool IsVirtualHardDisk(CimInstance attached)
        => string.Equals(attached.GetString("ResourceSubType"), VirtualHardDisk.ResourceSubType, StringComparison.OrdinalIgnoreCase);

    // The key of a machine's own disk contains the machine's GUID, that of a checkpoint disk the checkpoint's GUID; resource pool
    // templates have none. The caller knows which GUIDs are machines.
    private static VirtualHardDisk? Read(CimInstance attached)
    {
        var id = attached.GetString("InstanceID");
        return id?.StartsWith(IdPrefix, StringComparison.OrdinalIgnoreCase) == true
            && VirtualMachineId.TryParse(id[IdPrefix.Length..].Split('\\', 2)[0], out var machine)
            && attached["HostResource"] is string?[] and [{ Length: > 0 } path, ..]
                ? new VirtualHardDisk(machine, id, path, attached.GetBoolean("PersistentReservationsSupported"))
                : null;
    }
}

/// <summary>The methods of <c>Msvm_ImageManagementService</c> that this product calls, as declared by the class.</summary>
public static class ImageManagementServiceMethods
{
    /// <summary>
    /// Reads a disk's file: <c>uint32 GetVirtualHardDiskSettingData([in] string Path, [out] string SettingData, [out] CIM_ConcreteJob REF Job)</c>.
    /// SettingData is an embedded Msvm_VirtualHardDiskSettingData. The return codes are those of the replication service.
    /// </summary>
    public static CimMethod GetVirtualHardDiskSettingData { get; } = new(
        "GetVirtualHardDiskSettingData",
        [
            new("Path", CimType.String), new("SettingData", CimType.String, IsOutput: true), new("Job", CimType.Reference, IsOutput: true),
        ]);
}
