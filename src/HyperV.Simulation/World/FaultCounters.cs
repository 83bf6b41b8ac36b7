using System.Globalization;
using HostAgent.HyperV.Simulation.Estates;
using HostAgent.HyperV.Simulation.Faults;
using HostAgent.HyperV.Simulation.Model;

namespace HostAgent.HyperV.Simulation.World;

/// <summary>
/// How often each fault has struck. A fault is known by its owner and its place in the owner's list, which is how the state
/// file names it.
/// </summary>
internal sealed class FaultStrikes
{
    private readonly Dictionary<string, int> _strikes = [];

    /// <summary>How often each has struck, by its name.</summary>
    public IReadOnlyDictionary<string, int> Summarize() => new Dictionary<string, int>(_strikes);

    /// <summary>Takes over what was counted before.</summary>
    public void Restore(IReadOnlyDictionary<string, int> strikes)
    {
        _strikes.Clear();
        foreach (var (name, count) in strikes)
        {
            _strikes[name] = count;
        }
    }

    /// <summary>The faults that strike the next call for a virtual machine, the machine's own first, with their names.</summary>
    public IEnumerable<(string Name, Fault Fault)> Pending(SimulatedHostDescription host, SimulatedVirtualMachineDescription machine)
        => Named(machine.Faults, "vm").Select(item => (item.Name, item.Fault, Key: Key(machine.Id, item.Name)))
            .Concat(Named(host.Faults, "host").Select(item => (item.Name, item.Fault, Key: item.Name)))
            .Where(item => item.Fault.StrikesCalls && (item.Fault.Times is not { } times || _strikes.GetValueOrDefault(item.Key) < times))
            .Select(item => (item.Name, item.Fault));

    public void Count(Guid? virtualMachineId, IReadOnlyList<string> names)
    {
        foreach (var name in names)
        {
            var key = name.StartsWith("vm", StringComparison.Ordinal) && virtualMachineId is { } id ? Key(id, name) : name;
            _strikes[key] = _strikes.GetValueOrDefault(key) + 1;
        }
    }

    private static IEnumerable<(string Name, Fault Fault)> Named(IReadOnlyList<Fault> faults, string owner)
        => faults.Select((fault, index) => (string.Create(CultureInfo.InvariantCulture, $"{owner}#{index}"), fault));

    private static string Key(Guid id, string name) => name + "@" + CimText.Guid(id);
}
