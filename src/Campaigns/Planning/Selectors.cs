using HostAgent.Campaigns.Spec;

namespace HostAgent.Campaigns.Planning;

/// <summary>A machine on its host. Compared by reference, so that an estate of a hundred thousand machines is planned in one pass over each.</summary>
/// <param name="host">The host.</param>
/// <param name="machine">The machine.</param>
/// <param name="place">Its index among all candidates, by host, name and id.</param>
internal sealed class Candidate(EstateHost host, EstateVirtualMachine machine, int place)
{
    public EstateHost Host { get; } = host;

    public EstateVirtualMachine Machine { get; } = machine;

    public int Place { get; } = place;

    /// <summary>All machines of an estate, host by host, with their indexes.</summary>
    public static List<Candidate> Of(EstateView estate)
    {
        var all = new List<Candidate>(estate.Hosts.Sum(host => host.VirtualMachines.Count));
        foreach (var host in estate.Hosts.Order(Comparer<EstateHost>.Create(static (left, right) => CompareNames(left.Name, right.Name))))
        {
            EstateVirtualMachine[] machines = [.. host.VirtualMachines];
            Array.Sort(machines, static (left, right) =>
            {
                var byName = CompareNames(left.Name, right.Name);
                return byName != 0 ? byName : left.Id.CompareTo(right.Id);
            });
            foreach (var machine in machines)
            {
                all.Add(new Candidate(host, machine, all.Count));
            }
        }

        return all;
    }

    /// <summary>Case-insensitive, then by code point for names that differ only in case: a total order.</summary>
    private static int CompareNames(string left, string right)
    {
        var withoutCase = string.Compare(left, right, StringComparison.OrdinalIgnoreCase);
        return withoutCase != 0 ? withoutCase : string.CompareOrdinal(left, right);
    }
}

internal static class Selectors
{
    public static bool Matches(TargetSelector selector, Candidate candidate)
        => Matches(selector.Hosts, candidate.Host) && (selector.VirtualMachines is null || Matches(selector.VirtualMachines, candidate.Machine));

    public static bool Matches(HostSelector selector, EstateHost host)
        => (selector.Name is null || string.Equals(selector.Name, host.Name, StringComparison.OrdinalIgnoreCase))
            && (selector.Site is null || string.Equals(selector.Site, host.Site, StringComparison.OrdinalIgnoreCase))
            && HasLabels(host.Labels, selector.Labels);

    public static bool Matches(VirtualMachineSelector selector, EstateVirtualMachine machine)
    {
        if (selector.Ids.Contains(machine.Id))
        {
            return true;
        }

        // A selector with only ids selects nothing by name.
        return selector.Names.Count == 0 ? selector.Ids.Count == 0 : selector.Names.Any(name => name.Matches(machine.Name));
    }

    public static bool Matches(DependencyEnd end, Candidate candidate)
        => end.VirtualMachine.Matches(candidate.Machine.Name) && (end.Host is null || end.Host.Matches(candidate.Host.Name));

    /// <summary>Whether it selects individual machines; otherwise it selects every eligible one.</summary>
    public static bool PicksMachines(TargetSelector selector)
        => selector.VirtualMachines is { } machines && machines.Names.Count + machines.Ids.Count > 0;

    private static bool HasLabels(IReadOnlyDictionary<string, string> labels, IReadOnlyDictionary<string, string> wanted)
    {
        foreach (var (key, value) in wanted)
        {
            if (!labels.TryGetValue(key, out var actual) || actual != value)
            {
                return false;
            }
        }

        return true;
    }
}
