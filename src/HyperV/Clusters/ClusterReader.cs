using HostAgent.HyperV.Cim;
using HostAgent.HyperV.VirtualMachines;

namespace HostAgent.HyperV.Clusters;

/// <summary>Reads the cluster's resources that matter to one machine.</summary>
internal sealed class ClusterReader(ICimSession session)
{
    /// <summary>
    /// Two calls for a machine whose resource has the name that the cluster gives by default, else three. The third is dear: the
    /// cluster looks into the private properties of each machine's resource, several milliseconds for each.
    /// </summary>
    public async Task<ClusterView> ReadAsync(VirtualMachine machine, CancellationToken cancellationToken)
        => new(
            await ListAsync([new CimFilter("Type", ClusterClasses.ReplicationBrokerType)], cancellationToken),
            await FindAsync(machine, cancellationToken));

    private async Task<ClusterResource?> FindAsync(VirtualMachine machine, CancellationToken cancellationToken)
    {
        var byName = await ListAsync([new CimFilter("Name", $"{ClusterClasses.VirtualMachineType} {machine.Name}")], cancellationToken);
        if (byName.FirstOrDefault(resource => IsOf(resource, machine)) is { } found)
        {
            return found;
        }

        var byId = await ListAsync(
            [new CimFilter("Type", ClusterClasses.VirtualMachineType), new CimFilter(ClusterClasses.VirtualMachineId, machine.Id.ToString())], cancellationToken);
        return byId.FirstOrDefault(resource => IsOf(resource, machine));
    }

    // Other types of resource, such as the machine's configuration, carry the same identifier.
    private static bool IsOf(ClusterResource resource, VirtualMachine machine)
        => resource.VirtualMachine == machine.Id && string.Equals(resource.Type, ClusterClasses.VirtualMachineType, StringComparison.OrdinalIgnoreCase);

    private async Task<IReadOnlyList<ClusterResource>> ListAsync(IReadOnlyList<CimFilter> filters, CancellationToken cancellationToken)
        => [.. (await session.ListInstancesAsync(ClusterClasses.Resource, filters, cancellationToken)).Select(Read)];

    private static ClusterResource Read(CimInstance instance) => new(
        instance.GetString("Name") ?? throw new CimDataException(instance.ClassName, "Name", "it is missing"),
        instance.GetString("Type"),
        (ClusterResourceState)(instance.GetInteger("State") ?? (long)ClusterResourceState.Unknown),
        instance.GetString("OwnerNode"),
        ReadId(instance["PrivateProperties"] as CimInstance));

    // Clusters write the identifier with braces or without.
    private static VirtualMachineId? ReadId(CimInstance? properties)
        => VirtualMachineId.TryParse(properties?.GetString("VmID")?.Trim('{', '}'), out var id) ? id : null;
}

/// <summary>What the cluster says of replication and of one machine.</summary>
/// <param name="Brokers">The replication broker's resource; a cluster has one or none.</param>
/// <param name="Machine">The machine's resource; null when the machine is no role of the cluster.</param>
internal sealed record ClusterView(IReadOnlyList<ClusterResource> Brokers, ClusterResource? Machine);
