using HostAgent.Campaigns.Planning;
using HostAgent.Campaigns.Spec;

namespace HostAgent.Campaigns.Internal.Planning;

/// <summary>What a selector selects.</summary>
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

        // A selector of nothing but ids selects nothing by name.
        return selector.Names.Count == 0 ? selector.Ids.Count == 0 : selector.Names.Any(name => name.Matches(machine.Name));
    }

    public static bool Matches(DependencyEnd end, Candidate candidate)
        => end.VirtualMachine.Matches(candidate.Machine.Name) && (end.Host is null || end.Host.Matches(candidate.Host.Name));

    /// <summary>Whether it picks machines out; otherwise it means every one that is eligible.</summary>
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
