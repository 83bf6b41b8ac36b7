using HostAgent.HyperV.Simulation.Identifiers;

namespace HostAgent.HyperV.Simulation.World;

/// <summary>
/// The machines of a host, by identifier and by name. Names are not unique and may change; they compare without case, as in a query. Machines of the estate that
/// are elsewhere now are among them.
/// </summary>
internal sealed class MachineTable
{
    private static readonly Comparer<VirtualMachine> ById = Comparer<VirtualMachine>.Create((a, b) => string.CompareOrdinal(CimText.Guid(a.Id), CimText.Guid(b.Id)));

    private readonly SortedDictionary<string, VirtualMachine> _all = new(StringComparer.Ordinal);
    private readonly Dictionary<Guid, VirtualMachine> _byId = [];
    private readonly Dictionary<string, List<VirtualMachine>> _byName = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, List<VirtualMachine>> _byFirstName = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>How many machines were gone through to find some of them: what it costs not to ask by identifier or name.</summary>
    public long Visited { get; private set; }

    /// <summary>All of them, by their identifiers.</summary>
    public IEnumerable<VirtualMachine> All
    {
        get
        {
            foreach (var machine in _all.Values)
            {
                Visited++;
                yield return machine;
            }
        }
    }

    /// <summary>The machine with an identifier, or null.</summary>
    public VirtualMachine? Find(Guid id) => _byId.GetValueOrDefault(id);

    /// <summary>The machines that have a name now, by their identifiers.</summary>
    public IEnumerable<VirtualMachine> Named(string name) => In(_byName, name);

    /// <summary>The machines that had a name in the beginning, by their identifiers.</summary>
    public IEnumerable<VirtualMachine> NamedAtFirst(string name) => In(_byFirstName, name);

    public void Add(VirtualMachine machine)
    {
        _byId.Add(machine.Id, machine);
        _all.Add(CimText.Guid(machine.Id), machine);
        Put(_byName, machine.Name, machine);
        Put(_byFirstName, machine.Description.Name, machine);
        machine.Renamed = Rename;
    }

    public void Remove(VirtualMachine machine)
    {
        machine.Renamed = null;
        _byId.Remove(machine.Id);
        _all.Remove(CimText.Guid(machine.Id));
        Take(_byName, machine.Name, machine);
        Take(_byFirstName, machine.Description.Name, machine);
    }

    private void Rename(VirtualMachine machine, string former)
    {
        Take(_byName, former, machine);
        Put(_byName, machine.Name, machine);
    }

    private IEnumerable<VirtualMachine> In(Dictionary<string, List<VirtualMachine>> index, string name)
    {
        foreach (var machine in index.GetValueOrDefault(name) ?? [])
        {
            Visited++;
            yield return machine;
        }
    }

    private static void Put(Dictionary<string, List<VirtualMachine>> index, string name, VirtualMachine machine)
    {
        if (!index.TryGetValue(name, out var named))
        {
            index[name] = named = [];
        }

        named.Insert(~named.BinarySearch(machine, ById), machine);
    }

    private static void Take(Dictionary<string, List<VirtualMachine>> index, string name, VirtualMachine machine)
    {
        var named = index[name];
        named.Remove(machine);
        if (named.Count == 0)
        {
            index.Remove(name);
        }
    }
}
