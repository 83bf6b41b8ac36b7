using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Jobs.Internal;
using HostAgent.HyperV.RecoveryPoints.Internal;
using HostAgent.HyperV.Services;
using HostAgent.HyperV.Services.Internal;
using HostAgent.HyperV.VirtualMachines;
using HostAgent.HyperV.VirtualMachines.Internal;

namespace HostAgent.HyperV.Readiness.Internal;

/// <summary>Reads what the checks look at: at most nine calls, and two more where the connection to the primary side is tried.</summary>
internal sealed class ReadinessReader(
    ICimSession session, ReplicationServiceCaller service, VirtualMachineReader machines, JobReader jobs, SnapshotReader snapshots,
    ConnectionProbe connection)
{
    public async Task<ReadinessFacts> ReadAsync(VirtualMachineId id, CancellationToken cancellationToken)
    {
        var facts = new ReadinessFacts
        {
            Id = id,
            ServiceAvailable = await service.FindServiceAsync(cancellationToken) is not null,
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
            return facts with
            {
                VirtualMachine = machine,
                OthersOfSameName = [.. IdsOf(sameName).Where(other => other != id)],
                TestReplicas = [.. testReplicas.Select(t => t.GetString("ElementName") ?? t.GetString("Name") ?? t.ClassName)],
                Jobs = await jobs.ListAsync(machine.Path, cancellationToken),
                Checkpoints = ownSnapshots.Checkpoints,
                RecoveryPoints = ownSnapshots.RecoveryPoints,
                Providers = await ListProvidersAsync(cancellationToken),
                PrimaryConnection = facts.ServiceAvailable ? await connection.TryAsync(machine, cancellationToken) : null,
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
