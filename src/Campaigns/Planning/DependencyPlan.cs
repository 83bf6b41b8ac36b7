using HostAgent.Campaigns.Spec;

namespace HostAgent.Campaigns.Planning;

/// <summary>
/// Turns patterns into items that wait for sets of items. Each dependency stays one set, whatever it matches: a thousand machines after
/// a hundred do not become a hundred thousand pairs.
/// </summary>
internal static class DependencyPlan
{
    public static (IReadOnlyList<PlannedItem> Items, IReadOnlyList<PlannedDependency> Dependencies) Of(
        CampaignSpec spec, List<(int Wave, Candidate Candidate)> ordered, List<PlanProblem> problems, List<PlanWarning> warnings)
    {
        var waiting = new List<int>[ordered.Count];
        var planned = new List<PlannedDependency>();
        var paths = new List<string>();
        for (var index = 0; index < spec.Dependencies.Count; index++)
        {
            var dependency = spec.Dependencies[index];
            var path = $"spec.dependencies[{index}]";
            var items = Matching(dependency.Item, ordered);
            var after = Matching(dependency.After, ordered);
            if (items.Count == 0 || after.Count == 0)
            {
                warnings.Add(new PlanWarning(
                    PlanWarningKind.DependencyMatchesNothing, $"{path}.{(items.Count == 0 ? "item" : "after")} matches no item of the campaign, so {dependency.Item} after {dependency.After} has no effect."));
                continue;
            }

            foreach (var item in items)
            {
                (waiting[item] ??= []).Add(planned.Count);
            }

            planned.Add(new PlannedDependency($"{dependency.Item} after {dependency.After}", after));
            paths.Add(path);
            CheckOrder(path, items, after, ordered, problems);
        }

        var result = ordered.Select((pair, index) => Item(pair.Wave, pair.Candidate, waiting[index] ?? [])).ToList();
        if (DependencyCycles.Find(result, planned) is { } cycle)
        {
            var names = string.Join(" → ", cycle.Items.Select(item => result[item].VirtualMachineName));
            problems.Add(new PlanProblem(
                PlanProblemKind.DependencyCycle, paths[cycle.Dependency], $"{paths[cycle.Dependency]} makes items wait for each other: {names}."));
        }

        return (result, planned);
    }

    private static List<int> Matching(DependencyEnd end, List<(int Wave, Candidate Candidate)> ordered)
    {
        var matching = new List<int>();
        for (var index = 0; index < ordered.Count; index++)
        {
            if (Selectors.Matches(end, ordered[index].Candidate))
            {
                matching.Add(index);
            }
        }

        return matching;
    }

    /// <summary>An item that waits for a later wave would block both forever, because a wave waits for its items.</summary>
    private static void CheckOrder(
        string path, List<int> items, List<int> after, List<(int Wave, Candidate Candidate)> ordered, List<PlanProblem> problems)
    {
        // Indexes ascend with the waves, so checking the extremes is enough.
        var (first, last) = (ordered[items[0]], ordered[after[^1]]);
        if (first.Wave < last.Wave)
        {
            problems.Add(new PlanProblem(
                PlanProblemKind.DependencyOrder,
                path,
                $"{path} makes {first.Candidate.Machine.Name} wait for {last.Candidate.Machine.Name}, which is in a later wave; move it to the same wave or an earlier one."));
        }
    }

    private static PlannedItem Item(int wave, Candidate candidate, IReadOnlyList<int> dependencies) => new()
    {
        Id = candidate.Machine.Id.ToString("D"),
        Wave = wave,
        Host = candidate.Host.Name,
        Site = candidate.Host.Site,
        PrimarySite = candidate.Host.PrimarySite,
        Tenant = candidate.Host.Tenant,
        VirtualMachineId = candidate.Machine.Id,
        VirtualMachineName = candidate.Machine.Name,
        DiskBytes = candidate.Machine.DiskBytes,
        AcceptedFormer = candidate.Machine.WentHome is { IsHome: true, Campaign: var campaign } ? campaign : null,
        Dependencies = dependencies,
    };
}
