using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Disks;
using HostAgent.HyperV.Machines;
using HostAgent.HyperV.RecoveryPoints;
using HostAgent.HyperV.Replication;

namespace HostAgent.HyperV.HomeReadiness;

/// <summary>
/// Reads one machine: its settings, and the devices in them, which <c>Msvm_VirtualSystemSettingDataComponent</c> associates [doc]; of the security settings
/// the association is inferred.
/// </summary>
internal sealed class HomeMachineReader(ICimSession session, VirtualHardDiskReader disks, SnapshotReader snapshots)
{
    private const long Mebibyte = 1L << 20;
    private const string PhysicalDisk = "Microsoft:Hyper-V:Physical Disk Drive";

    // [doc] of Msvm_StorageAllocationSettingData.HostResource.
    private static readonly string[] MediaTypes = ["Microsoft:Hyper-V:Virtual CD/DVD Disk", "Microsoft:Hyper-V:Virtual Floppy Disk"];

    private static readonly (string ClassName, string Kind)[] DeviceClasses =
    [
        ("Msvm_GpuPartitionSettingData", "GPU partition"),
        ("Msvm_PciExpressSettingData", "assigned PCI Express device"),
        ("Msvm_SyntheticFcPortSettingData", "Fibre Channel adapter"),
    ];

    private readonly HomeAdapterReader _adapters = new(session);

    public async Task<HomeMachine> ReadAsync(VirtualMachine machine, UnreadFacts unread, CancellationToken cancellationToken)
    {
        var settings = await unread.TryAsync(
            HomeSubject.Settings,
            async () => await session.ListAssociatorsAsync(machine.Path, "Msvm_SettingsDefineState", HyperVClasses.VirtualSystemSettingData, cancellationToken) is [var first, ..] ? first : null);
        // Its path, as the host writes it, or as it is composed.
        var own = settings?.Path ?? CimObjectPath.ForKey(HyperVClasses.VirtualSystemSettingData, "InstanceID", $"Microsoft:{machine.Id}");
        var security = await unread.TryAsync(HomeSubject.Security, async () => await PartsAsync("Msvm_SecuritySettingData") is [var first, ..] ? first : null);
        var memory = await unread.TryAsync(HomeSubject.StartupMemory, async () => await PartsAsync("Msvm_MemorySettingData") is [var first, ..] ? first : null);
        var storage = await unread.TryAsync(HomeSubject.Media, () => PartsAsync(HyperVClasses.StorageAllocationSettingData));
        var running = machine.EnabledState is VirtualMachines.EnabledState.Running;
        return new HomeMachine
        {
            Name = machine.Name,
            EnabledState = machine.EnabledState,
            OperationInProgress = machine.OperationInProgress,
            Mode = machine.ReplicationMode,
            State = machine.ReplicationState,
            Replication = machine.ReplicationSettings is { } replication ? ReplicationOf(replication, machine.ReplicationMode is ReplicationMode.Primary) : null,
            Version = settings?.GetString("Version"),
            Generation = settings?.GetString("VirtualSystemSubType"),
            SecureBootEnabled = settings?.GetBoolean("SecureBootEnabled"),
            SecureBootTemplate = settings?.GetString("SecureBootTemplateId"),
            ShutdownAction = (int?)settings?.GetInteger("AutomaticShutdownAction"),
            TpmEnabled = security?.GetBoolean("TpmEnabled"),
            Shielded = security?.GetBoolean("ShieldingRequested"),
            StartupMemoryBytes = memory?.GetInteger("VirtualQuantity") * Mebibyte,
            DynamicMemory = memory?.GetBoolean("DynamicMemoryEnabled"),
            Adapters = unread.Bound(HomeSubject.Adapters, await unread.TryAsync(HomeSubject.Adapters, () => _adapters.ListAsync(own, unread, cancellationToken))),
            Disks = unread.Bound(HomeSubject.Disks, await unread.TryAsync(HomeSubject.Disks, () => ListDisksAsync(machine, unread, cancellationToken))),
            MountedMedia = storage is null ? null : [.. storage.Where(IsMedia).Select(HostResource).OfType<string>()],
            Devices = unread.Bound(HomeSubject.Devices, await ListDevicesAsync(own, unread, cancellationToken)),
            Checkpoints = unread.Bound(HomeSubject.Checkpoints, (await unread.TryAsync(HomeSubject.Checkpoints, () => snapshots.ReadAsync(machine.Path, machine.Id, cancellationToken)))?.Checkpoints),
            ShutdownService = running ? await unread.TryAsync(HomeSubject.IntegrationServices, () => StatusAsync("Msvm_ShutdownComponent")) : null,
            DataExchangeService = running ? await unread.TryAsync(HomeSubject.IntegrationServices, () => StatusAsync("Msvm_KvpExchangeComponent")) : null,
        };

        Task<IReadOnlyList<CimInstance>> PartsAsync(string className)
            => session.ListAssociatorsAsync(own, HyperVClasses.VirtualSystemSettingDataComponent, className, cancellationToken);

        async Task<int?> StatusAsync(string className)
            => await session.ListAssociatorsAsync(machine.Path, "Msvm_SystemDevice", className, cancellationToken) is not [var component, ..] ? 0
                : component["OperationalStatus"] is ushort[] and [var status, ..] ? status
                : null;
    }

    private static HomeReplication ReplicationOf(ReplicationSettingData settings, bool isPrimary) => new()
    {
        IsExternal = settings.IsExternalProvider,
        Authentication = settings.AuthenticationType,
        CertificateThumbprint = settings.CertificateThumbPrint,
        OwnHost = isPrimary ? settings.PrimaryHostSystem : settings.RecoveryHostSystem,
        OwnConnectionPoint = isPrimary ? settings.PrimaryConnectionPoint : settings.RecoveryConnectionPoint,
        PeerHost = isPrimary ? settings.RecoveryHostSystem : settings.PrimaryHostSystem,
        PeerConnectionPoint = isPrimary ? settings.RecoveryConnectionPoint : settings.PrimaryConnectionPoint,
        Interval = (int?)settings.ReplicationInterval?.TotalSeconds,
        RecoveryHistory = settings.RecoveryHistory,
        ApplicationConsistentInterval = settings.ApplicationConsistentSnapshotInterval,
    };

    private async Task<IReadOnlyList<HomeDisk>> ListDisksAsync(VirtualMachine machine, UnreadFacts unread, CancellationToken cancellationToken)
    {
        var own = await disks.ListAsync(machine.Id, cancellationToken);
        var replicated = ReplicatedDisks.Of(machine, own).Select(disk => disk.InstanceId).ToHashSet(StringComparer.OrdinalIgnoreCase);
        string[] paths = [.. own.Take(HomeFacts.MostItems).Select(disk => disk.Path).Distinct(StringComparer.OrdinalIgnoreCase)];
        // Without sizes the disks are still known.
        var files = await unread.TryAsync(HomeSubject.Disks, () => disks.ReadFilesAsync(paths, cancellationToken));
        return [.. own.Select(disk => new HomeDisk(
            disk.InstanceId[(disk.InstanceId.IndexOf('\\', StringComparison.Ordinal) + 1)..],
            disk.Path,
            files?.GetValueOrDefault(disk.Path)?.Bytes,
            disk.Shared == true || disk.Path.EndsWith(".vhds", StringComparison.OrdinalIgnoreCase) ? true : disk.Shared,
            replicated.Contains(disk.InstanceId)))];
    }

    // A host that lacks a class has no such device.
    private async Task<IReadOnlyList<HomeDevice>?> ListDevicesAsync(CimObjectPath settings, UnreadFacts unread, CancellationToken cancellationToken)
    {
        var devices = new List<HomeDevice>();
        var drives = await unread.TryAsync(
            HomeSubject.Devices, () => session.ListAssociatorsAsync(settings, HyperVClasses.VirtualSystemSettingDataComponent, "Msvm_ResourceAllocationSettingData", cancellationToken));
        devices.AddRange((drives ?? [])
            .Where(drive => string.Equals(drive.GetString("ResourceSubType"), PhysicalDisk, StringComparison.OrdinalIgnoreCase))
            .Select(drive => new HomeDevice("pass-through disk", HostResource(drive) ?? NameOf(drive), HoldsData: true)));
        foreach (var (className, kind) in DeviceClasses)
        {
            try
            {
                var found = await session.ListAssociatorsAsync(settings, HyperVClasses.VirtualSystemSettingDataComponent, className, cancellationToken);
                devices.AddRange(found.Select(one => new HomeDevice(kind, HostResource(one) ?? NameOf(one), HoldsData: className == "Msvm_SyntheticFcPortSettingData")));
            }
            catch (CimException exception) when (exception.ErrorCode is CimErrorCode.InvalidClass or CimErrorCode.NotFound)
            {
                // It has none.
            }
        }

        return drives is null && devices.Count == 0 ? null : devices;
    }

    private static bool IsMedia(CimInstance storage) => MediaTypes.Contains(storage.GetString("ResourceSubType"), StringComparer.OrdinalIgnoreCase);

    private static string? HostResource(CimInstance device) => device["HostResource"] is string?[] and [{ Length: > 0 } path, ..] ? path : null;

    private static string NameOf(CimInstance device) => device.GetString("ElementName") ?? device.GetString("InstanceID") ?? device.ClassName;
}
