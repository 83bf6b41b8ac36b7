using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Clusters;
using HostAgent.HyperV.Disks;
using HostAgent.HyperV.Jobs;
using HostAgent.HyperV.Machines;
using HostAgent.HyperV.RecoveryPoints;
using HostAgent.HyperV.Services;
using HostAgent.HyperV.VirtualMachines;
using HostAgent.HyperV.Volumes;

namespace HostAgent.HyperV.Readiness;

/// <summary>
/// Reads the input of the checks: at most eleven calls plus one per replicated disk; with the in-box provider four more, and two if it
/// uses certificates; plus the calls to the optional namespaces.
/// </summary>
internal sealed class ReadinessReader(
    ICimSession session, ReplicationServiceCaller service, VirtualMachineReader machines, JobReader jobs, SnapshotReader snapshots,
    VirtualHardDiskReader disks, ReplicaServerReader replicaServer, ConnectionProbe connection, CertificateProbe certificates,
    OptionalNamespace windows, OptionalNamespace cluster)
{
    public async Task<ReadinessFacts> ReadAsync(VirtualMachineId id, CancellationToken cancellationToken)
    {
        var found = await service.FindServiceAsync(cancellationToken);
        var facts = new ReadinessFacts
        {
            Id = id,
            ServiceAvailable = found is not null,
            HostName = found?.GetString("SystemName"),
        };
        if (await machines.FindAsync(id, cancellationToken) is not { } machine)
        {
            return facts;
        }

        try
        {
            var sameName = await session.ListInstancesAsync(
                HyperVClasses.ComputerSystem, [new CimFilter("ElementName", machine.Name)], cancellationToken);
            var testReplicas = await session.ListAssociatorsAsync(
                machine.Path, HyperVClasses.ReplicaSystemDependency, HyperVClasses.ComputerSystem, cancellationToken);
            var ownSnapshots = await snapshots.ReadAsync(machine.Path, id, cancellationToken);
            var replicated = ReplicatedDisks.Of(machine, await disks.ListAsync(id, cancellationToken));
            var inBox = machine.ReplicationSettings?.IsExternalProvider == false;
            return facts with
            {
                VirtualMachine = machine,
                Disks = replicated,
                DiskFiles = await ReadFilesAsync(replicated, cancellationToken),
                OthersOfSameName = [.. IdsOf(sameName).Where(other => other != id)],
                TestReplicas = [.. testReplicas.Select(t => t.GetString("ElementName") ?? t.GetString("Name") ?? t.ClassName)],
                Jobs = await jobs.ListAsync(machine.Path, cancellationToken),
                Checkpoints = ownSnapshots.Checkpoints,
                RecoveryPoints = ownSnapshots.RecoveryPoints,
                Providers = await ListProvidersAsync(cancellationToken),
                PrimaryConnection = facts.ServiceAvailable ? await connection.TryAsync(machine, cancellationToken) : null,
                Certificate = facts.ServiceAvailable ? await certificates.LookAsync(machine, cancellationToken) : facts.Certificate,
                ReplicaServer = inBox ? await replicaServer.ReadAsync(cancellationToken) : null,
                AllowedPrimaries = inBox ? await replicaServer.ListAllowedPrimariesAsync(cancellationToken) : null,
                Volumes = replicated.Count > 0 ? await windows.AskAsync(host => VolumeReader.ListAsync(host, cancellationToken)) : facts.Volumes,
                Cluster = await cluster.AskAsync(node => new ClusterReader(node).ReadAsync(machine, cancellationToken)),
            };
        }
        catch (CimException exception) when (exception.ErrorCode == CimErrorCode.NotFound)
        {
            // Deleted or moved to another node between the calls.
            return facts;
        }
    }

    // A platform older than the class has only the in-box provider.
    private async Task<IReadOnlyList<ReplicationProvider>?> ListProvidersAsync(CancellationToken cancellationToken)
    {
        try
        {
            return [.. (await session.ListInstancesAsync(HyperVClasses.ReplicationProvider, [], cancellationToken)).Select(ProviderReader.Read)];
        }
        catch (CimException exception) when (exception.ErrorCode == CimErrorCode.InvalidClass)
        {
            return null;
        }
    }

    // Null when the host has no such service: a missing service is not a missing disk.
    private async Task<IReadOnlyDictionary<string, VirtualHardDiskFile>?> ReadFilesAsync(IReadOnlyList<VirtualHardDisk> replicated, CancellationToken cancellationToken)
    {
        try
        {
            return await disks.ReadFilesAsync([.. replicated.Select(disk => disk.Path).Distinct(StringComparer.OrdinalIgnoreCase)], cancellationToken);
        }
        catch (CimException exception) when (exception.ErrorCode is CimErrorCode.NotFound or CimErrorCode.InvalidClass)
        {
            return null;
        }
    }

    private static IEnumerable<VirtualMachineId> IdsOf(IReadOnlyList<CimInstance> systems)
    {
        foreach (var system in systems)
        {
            if (VirtualMachineId.TryParse(system.GetString("Name"), out var id))
            {
                yield return id;
            }
        }
    }
}
