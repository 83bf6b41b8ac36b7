using System.Diagnostics.CodeAnalysis;
using HostAgent.Coordinator.Inventory;

namespace HostAgent.Coordinator.Agents;

/// <summary>The hosts of the inventory, each with its connection.</summary>
internal sealed class AgentRegistry : IDisposable
{
    private readonly Dictionary<string, AgentConnection> _byName;

    /// <summary>Connects the hosts of an inventory.</summary>
    public AgentRegistry(IEnumerable<InventoryHost> inventory, Func<InventoryHost, AgentConnection> connect)
    {
        ByName = [.. inventory.OrderBy(host => host.Name, StringComparer.OrdinalIgnoreCase).Select(connect)];
        _byName = ByName.ToDictionary(connection => connection.Host.Name, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>All hosts, ordered by name.</summary>
    public IReadOnlyList<AgentConnection> ByName { get; }

    /// <summary>Finds a host by its name, case-insensitive.</summary>
    public bool TryFind(string name, [NotNullWhen(true)] out AgentConnection? connection) => _byName.TryGetValue(name, out connection);

    public void Dispose()
    {
        foreach (var connection in ByName)
        {
            connection.Dispose();
        }
    }
}
