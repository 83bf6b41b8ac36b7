using HostAgent.Campaigns.Spec;

namespace HostAgent.Campaigns.Planning;

/// <summary>The home of each machine of a campaign over two hosts: the other host that has a copy, or the one that the machine names as its primary.</summary>
internal static class PairPlan
{
    /// <summary>Whether a machine goes home over two hosts.</summary>
    /// <param name="spec">The document.</param>
    /// <param name="machine">The machine.</param>
    public static bool Takes(CampaignSpec spec, EstateVirtualMachine machine) => spec.HostToHost is not null && (spec.Strategy != Strategy.Auto || machine.IsExternal == false);

    /// <summary>Chooses, of each machine, the copy that production runs on: the one that was failed over, or else the only primary.</summary>
    /// <param name="chosen">The machines that the targets select and that can go home, by host, name and id.</param>
    /// <param name="estate">All machines of the estate, selected or not.</param>
    /// <param name="refused">Receives those that are left out.</param>
    public static List<Candidate> Production(List<Candidate> chosen, List<Candidate> estate, List<RefusedItem> refused)
    {
        var ids = chosen.Select(candidate => candidate.Machine.Id).ToHashSet();
        var copies = estate.Where(candidate => candidate.Machine.IneligibleReason is null && ids.Contains(candidate.Machine.Id)).ToLookup(candidate => candidate.Machine.Id);
        return chosen.FindAll(candidate =>
        {
            var all = copies[candidate.Machine.Id].ToList();
            var failedOver = all.FindAll(copy => copy.Machine.Mode == ReplicaMode.Replica);
            var production = failedOver.Count > 0 ? failedOver : all;
            if (production is [var only] && only == candidate)
            {
                return true;
            }

            refused.Add(Selection.Refuse(candidate, production is [var other]
                ? $"production runs on its copy on {other.Host.Name}"
                : $"it cannot be told which of its copies production runs on: those on {string.Join(", ", production.Select(copy => copy.Host.Name))}"));
            return false;
        });
    }

    /// <summary>Leaves out the machines that go over two hosts and whose home is not known; of a drill, whose replica is not.</summary>
    /// <param name="spec">The document.</param>
    /// <param name="estate">The hosts and machines.</param>
    /// <param name="selected">The machines that the targets select, each once.</param>
    /// <param name="refused">Receives those that are left out.</param>
    /// <returns>The others, and by their ids the other hosts of those that go over two.</returns>
    public static (List<Candidate> Selected, IReadOnlyDictionary<Guid, EstateHost> Homes) Of(CampaignSpec spec, EstateView estate, List<Candidate> selected, List<RefusedItem> refused)
    {
        var isDrill = spec.PlannedDrill is not null;
        var ids = selected.Select(candidate => candidate.Machine.Id).ToHashSet();
        var copies = estate.Hosts
            .SelectMany(host => host.VirtualMachines.Where(machine => ids.Contains(machine.Id) && machine.Mode != ReplicaMode.TestReplica).Select(machine => (machine.Id, Host: host)))
            .ToLookup(copy => copy.Id, copy => copy.Host);
        var names = estate.Hosts.ToLookup(host => ComputerPart(host.Name), StringComparer.OrdinalIgnoreCase);
        var homes = new Dictionary<Guid, EstateHost>(selected.Count);
        var paired = selected.FindAll(candidate =>
        {
            if (!Takes(spec, candidate.Machine))
            {
                return true;
            }

            var others = copies[candidate.Machine.Id].Where(host => host != candidate.Host).ToList();
            var named = candidate.Machine.PrimaryHost.Length > 0 ? names[ComputerPart(candidate.Machine.PrimaryHost)].Where(host => host != candidate.Host).ToList() : [];
            var (home, why) = (others, named) switch
            {
                ([var only], _) => (only, ""),
                ([], _) when isDrill => (null, "no other host that answers has it"),
                (_, _) when isDrill => (null, $"several other hosts have it, {string.Join(", ", others.Select(host => host.Name).Order(StringComparer.OrdinalIgnoreCase))}, and it cannot be told which one keeps its replica"),
                ([], [var only]) => (only, ""),
                ([], []) when candidate.Machine.PrimaryHost.Length > 0 => (null, $"no other host that answers has it, and its primary host {candidate.Machine.PrimaryHost} is not in the inventory"),
                ([], _) => (null, "no other host that answers has it, and it does not show which one its primary host is"),
                _ => (null, $"several other hosts have it, {string.Join(", ", others.Select(host => host.Name).Order(StringComparer.OrdinalIgnoreCase))}, and it cannot be told which one is its home"),
            };
            if (home is null)
            {
                refused.Add(Selection.Refuse(candidate, $"{(isDrill ? "REPLICA" : "HOME")}_UNKNOWN: {why}"));
                return false;
            }

            homes.Add(candidate.Machine.Id, home);
            return true;
        });
        return (paired, homes);
    }

    /// <summary>Gives an item that goes over two hosts its two steps, and of a drill those of the way back.</summary>
    public static PlannedItem WithSteps(PlannedItem item, IReadOnlyDictionary<Guid, EstateHost> homes, CampaignSpec spec)
    {
        if (!homes.TryGetValue(item.VirtualMachineId, out var home))
        {
            return item;
        }

        var toward = home.Site.Length > 0 ? home.Site : item.PrimarySite;
        PlannedStep Here(StepKind kind) => new(kind, item.Host) { Site = item.Site, PrimarySite = toward, Tenant = item.Tenant };
        PlannedStep There(StepKind kind) => new(kind, home.Name) { Site = home.Site, PrimarySite = item.Site, Tenant = item.Tenant };
        return item with
        {
            Steps = spec.PlannedDrill is not null
                ? [Here(StepKind.Synchronize), There(StepKind.SwitchOver), There(StepKind.Synchronize), Here(StepKind.SwitchOver)]
                : [Here(StepKind.Synchronize), There(spec.HostToHost!.Goal == PairGoal.Protect ? StepKind.Protect : StepKind.SwitchOver)],
        };
    }

    // A host may be known by its name alone or with its domain.
    private static string ComputerPart(string name) => name.Split('.', 2)[0];
}
