using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Machines;
using HostAgent.HyperV.VirtualMachines;

namespace HostAgent.HyperV.Clusters;

/// <summary>Reads the cluster resources that matter to one machine.</summary>
internal sealed class ClusterReader(ICimSession session)
{
    /// <summary>
    /// Two calls when the machine's resource has the cluster's default name, otherwise three. The third call is expensive: the cluster
    /// reads the private properties of every machine resource, several milliseconds each.
    /// </summary>
    public async Task<ClusterView> ReadAsync(VirtualMachine machine, CancellationToken cancellationToken)
        => new(await ReadBrokersAsync(cancellationToken), await FindAsync(machine, cancellationToken));

    /// <summary>The replication broker's resource, in one call; a cluster has at most one.</summary>
    public Task<IReadOnlyList<ClusterResource>> ReadBrokersAsync(CancellationToken cancellationToken)
        => ListAsync([new CimFilter("Type", ClusterClasses.ReplicationBrokerType)], cancellationToken);

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

    // Resources of other types, such as the machine's configuration, have the same identifier.
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

    // The identifier may or may not be in braces.
    private static VirtualMachineId? ReadId(CimInstance? properties)
        => VirtualMachineId.TryParse(properties?.GetString("VmID")?.Trim('{', '}'), out var id) ? id : null;
}

/// <summary>The cluster's replication broker and one machine's resource.</summary>
/// <param name="Brokers">The replication broker's resource; a cluster has at most one.</param>
/// <param name="Machine">The machine's resource; null when the machine is not a cluster role.</param>
internal sealed record ClusterView(IReadOnlyList<ClusterResource> Brokers, ClusterResource? Machine);
