using System.Globalization;
using HostAgent.HyperV.Jobs;
using HostAgent.HyperV.Simulation.Estates;
using HostAgent.HyperV.Simulation.Faults;
using HostAgent.HyperV.Simulation.Identifiers;

namespace HostAgent.HyperV.Simulation.World;

/// <summary>
/// How often each fault has been applied. A fault is identified by its owner and its index in the owner's list, which is also its
/// name in the state file.
/// </summary>
internal sealed class FaultCounters
{
    private readonly Dictionary<string, int> _counts = [];

    /// <summary>The counts by fault name.</summary>
    public IReadOnlyDictionary<string, int> Summarize() => new Dictionary<string, int>(_counts);

    /// <summary>Restores earlier counts.</summary>
    public void Restore(IReadOnlyDictionary<string, int> counts)
    {
        _counts.Clear();
        foreach (var (name, count) in counts)
        {
            _counts[name] = count;
        }
    }

    /// <summary>The faults that apply to the next call for a virtual machine, the machine's own first, with their names.</summary>
    public IEnumerable<(string Name, Fault Fault)> Pending(SimulatedHostDescription host, SimulatedVirtualMachineDescription machine)
        => Left(host, machine, fault => fault.AffectsCalls);

    /// <summary>The faults that apply to a job of another method that starts now.</summary>
    public IEnumerable<(string Name, Fault Fault)> Pending(SimulatedHostDescription host, SimulatedVirtualMachineDescription machine, JobType job)
        => Left(host, machine, fault => fault is StepStuckFault stuck && stuck.JobType == job);

    public void Count(Guid? virtualMachineId, IReadOnlyList<string> names)
    {
        foreach (var name in names)
        {
            var key = name.StartsWith("vm", StringComparison.Ordinal) && virtualMachineId is { } id ? Key(id, name) : name;
            _counts[key] = _counts.GetValueOrDefault(key) + 1;
        }
    }

    private IEnumerable<(string Name, Fault Fault)> Left(SimulatedHostDescription host, SimulatedVirtualMachineDescription machine, Func<Fault, bool> affects)
        => Named(machine.Faults, "vm").Select(item => (item.Name, item.Fault, Key: Key(machine.Id, item.Name)))
            .Concat(Named(host.Faults, "host").Select(item => (item.Name, item.Fault, Key: item.Name)))
            .Where(item => affects(item.Fault) && (item.Fault.Times is not { } times || _counts.GetValueOrDefault(item.Key) < times))
            .Select(item => (item.Name, item.Fault));

    private static IEnumerable<(string Name, Fault Fault)> Named(IReadOnlyList<Fault> faults, string owner)
        => faults.Select((fault, index) => (string.Create(CultureInfo.InvariantCulture, $"{owner}#{index}"), fault));

    private static string Key(Guid id, string name) => name + "@" + CimText.Guid(id);
}
