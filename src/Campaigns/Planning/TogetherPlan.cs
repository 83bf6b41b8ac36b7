using System.Globalization;
using HostAgent.Campaigns.Spec;

namespace HostAgent.Campaigns.Planning;

/// <summary>Finds the sets of items whose services go down together, and those that never could.</summary>
internal static class TogetherPlan
{
    /// <summary>A change of one member may touch its whole set, so sets are kept small.</summary>
    public const int Most = 100;

    public static IReadOnlyList<PlannedSet> Of(
        CampaignSpec spec, IReadOnlyList<DependencyEnd> sets, List<(int Wave, Candidate Candidate)> ordered, List<PlanProblem> problems, List<PlanWarning> warnings)
    {
        var planned = new List<PlannedSet>();
        for (var index = 0; index < sets.Count; index++)
        {
            var path = $"spec.together[{index}]";
            var items = Enumerable.Range(0, ordered.Count).Where(item => Selectors.Matches(sets[index], ordered[item].Candidate)).ToList();
            if (items.Count < 2)
            {
                warnings.Add(new PlanWarning(
                    PlanWarningKind.TogetherMatchesFew, $"{path} matches {(items.Count == 0 ? "no item" : "one item only")} of the campaign, so {sets[index]} has no effect."));
                continue;
            }

            if (Obstacle(spec, path, items, ordered) is { } obstacle)
            {
                problems.Add(new PlanProblem(PlanProblemKind.Together, path, obstacle));
            }

            planned.Add(new PlannedSet(sets[index].ToString(), items));
        }

        return planned;
    }

    private static string? Obstacle(CampaignSpec spec, string path, List<int> items, List<(int Wave, Candidate Candidate)> ordered)
    {
        var (first, last) = (ordered[items[0]], ordered[items[^1]]);
        if (items.Count > Most)
        {
            return string.Create(CultureInfo.InvariantCulture, $"{path} matches {items.Count} machines; at most {Most} can go down together.");
        }

        if (items.Select(item => ordered[item].Candidate.Machine).FirstOrDefault(machine => !PairPlan.Takes(spec, machine)) is { } alone)
        {
            return $"{path} matches {alone.Name}, which an external provider brings home: it has no switch that could wait for others.";
        }

        if (first.Wave != last.Wave)
        {
            return $"{path} joins {first.Candidate.Machine.Name} of wave {spec.Waves[first.Wave].Name} and {last.Candidate.Machine.Name} of wave {spec.Waves[last.Wave].Name}: machines that go down together must be of one wave.";
        }

        var narrow = ((string Name, Documents.Amount? Limit)[])[("campaign", spec.Limits.Campaign), ("switch", spec.Limits.Switch)];
        return narrow
            .Select(limit => (limit.Name, Allowed: limit.Limit?.Of(ordered.Count, leastOfPercentage: 1)))
            .Where(limit => limit.Allowed < items.Count)
            .Select(limit => string.Create(CultureInfo.InvariantCulture, $"{path} joins {items.Count} machines, and limits.{limit.Name} lets {limit.Allowed} go down at once."))
            .FirstOrDefault();
    }
}
