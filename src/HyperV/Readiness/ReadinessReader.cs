using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Clusters;
using HostAgent.HyperV.Disks;
using HostAgent.HyperV.Jobs;
using HostAgent.HyperV.RecoveryPoints;
using HostAgent.HyperV.Services;
using HostAgent.HyperV.VirtualMachines;
using HostAgent.HyperV.Volumes;

namespace HostAgent.HyperV.Readiness;

/// <summary>
/// Reads what the checks look at: at most eleven calls and one more a replicated disk; for the in-box provider four more, and two where it
/// uses certificates; and those to the neighbour namespaces.
/// </summary>
internal sealed class ReadinessReader(
    ICimSession session, ReplicationServiceCaller service, VirtualMachineReader machines, JobReader jobs, SnapshotReader snapshots,
    VirtualHardDiskReader disks, ReplicaServerReader replicaServer, ConnectionProbe connection, CertificateProbe certificates,
    NeighbourNamespace windows, NeighbourNamespace cluster)
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
            // Deleted, or moved to another node, between the calls.
            return facts;
        }
    }

    // A platform older than the class has no provider but its own.
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

    // Null where the host has nobody to ask. What it does have is listed under the machine, so that a missing service is no missing disk.
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
