using System.Collections.Concurrent;

namespace HostAgent.Coordinator.Returns;

/// <summary>On which host a drill has which machine.</summary>
internal sealed class LiveDrills
{
    private readonly ConcurrentDictionary<Guid, string> _hosts = new();

    public bool RunsAt(Guid machine, string host) => _hosts.TryGetValue(machine, out var at) && string.Equals(at, host, StringComparison.OrdinalIgnoreCase);

    public bool TryAdd(Guid machine, string host) => _hosts.TryAdd(machine, host);

    public void Remove(Guid machine) => _hosts.TryRemove(machine, out _);
}
