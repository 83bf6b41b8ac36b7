using System.Diagnostics.CodeAnalysis;
using HostAgent.Coordinator.Inventory;

namespace HostAgent.Coordinator.Hosts;

/// <summary>The hosts of the inventory, each with its connection.</summary>
internal sealed class HostRegistry : IDisposable
{
    private readonly Dictionary<string, HostConnection> _byName;

    /// <summary>Takes up the hosts of an inventory.</summary>
    public HostRegistry(IEnumerable<InventoryHost> inventory, Func<InventoryHost, HostConnection> connect)
    {
        ByName = [.. inventory.OrderBy(host => host.Name, StringComparer.OrdinalIgnoreCase).Select(connect)];
        _byName = ByName.ToDictionary(connection => connection.Host.Name, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>All hosts in the order of their names.</summary>
    public IReadOnlyList<HostConnection> ByName { get; }

    /// <summary>Finds a host by its name, whose case does not matter.</summary>
    public bool TryFind(string name, [NotNullWhen(true)] out HostConnection? connection) => _byName.TryGetValue(name, out connection);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var connection in ByName)
        {
            connection.Dispose();
        }
    }
}
