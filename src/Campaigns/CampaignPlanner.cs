using HostAgent.Campaigns.Planning;
using HostAgent.Campaigns.Spec;

namespace HostAgent.Campaigns;

/// <summary>Turns a document and the current hosts into the items, waves and order of a campaign.</summary>
public static class CampaignPlanner
{
    /// <summary>Plans a campaign. The same arguments give the same plan, whatever the order of the estate.</summary>
    /// <param name="spec">The valid document.</param>
    /// <param name="estate">The hosts and machines.</param>
    /// <returns>The plan with its warnings, and the problems that keep it from running.</returns>
    public static PlanResult Plan(CampaignSpec spec, EstateView estate)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(estate);

        var warnings = new List<PlanWarning>();
        var refused = new List<RefusedItem>();
        var selected = Selection.Of(spec, estate, refused, warnings);
        IReadOnlyDictionary<Guid, EstateHost>? homes = null;
        if (spec.HostToHost is not null)
        {
            (selected, homes) = PairPlan.Of(spec, estate, selected, refused);
        }

        var ordered = WaveAssignment.Of(spec, selected, refused, warnings);
        var problems = new List<PlanProblem>();
        var (items, dependencies) = DependencyPlan.Of(spec, ordered, problems, warnings);

        var together = spec.Together is { } sets ? TogetherPlan.Of(spec, sets, ordered, problems, warnings) : [];
        if (spec.PlannedDrill is not null && problems.Count == 0 && DrillOrder.FindWaitingForItself(items, dependencies, together) is { } waiting)
        {
            problems.Add(new PlanProblem(
                PlanProblemKind.Together,
                "spec.together",
                $"spec.together joins {together[waiting].Text}, of which one machine may leave only when another is home, by spec.dependencies: on a planned drill neither would come home. Machines that go together must not wait for each other."));
        }

        if (homes is not null)
        {
            items = [.. items.Select(item => PairPlan.WithSteps(item, homes, spec))];
        }
        else if (spec.TestFailover is not null)
        {
            items = [.. items.Select(ReplicaPlan.WithStep)];
        }

        if (items.Count == 0)
        {
            var seen = refused.Count == 0 ? string.Empty : $" {refused.Count} machines were refused, the first, {refused[0].VirtualMachineName}, because {refused[0].Reason}.";
            problems.Add(new PlanProblem(PlanProblemKind.NoItems, "spec.targets", $"The campaign has no items: spec.targets selects no machine that can be {spec switch { { TestFailover: not null } => "tested: it has no replica there", { PlannedDrill: not null } => "drilled: none runs there that is replicated to another host", _ => "failed back" }}.{seen}"));
        }

        var waves = spec.Waves.Select((wave, index) => Describe(wave, [.. items.Where(item => item.Wave == index)], isLast: index == spec.Waves.Count - 1)).ToList();
        return new PlanResult(new CampaignPlan(waves, items, dependencies, refused, LimitPeaks.Of(spec, items), warnings) { Together = together }, problems);
    }

    /// <summary>Whether a campaign may select machines of a host; other hosts need not be asked for theirs.</summary>
    /// <param name="spec">The valid document.</param>
    /// <param name="host">The host; its machines are not used.</param>
    /// <returns>True when a target selects the host.</returns>
    public static bool Selects(CampaignSpec spec, EstateHost host)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(host);
        return spec.Targets.Any(target => Selectors.Matches(target.Hosts, host));
    }

    private static IEnumerable<string> HostsOf(PlannedItem item) => Enumerable.Range(0, item.StepCount).Select(position => item.StepAt(position).Host);

    private static PlannedWave Describe(WaveSpec wave, List<PlannedItem> items, bool isLast)
        => new(wave.Name, items.Count, items.SelectMany(HostsOf).Distinct(StringComparer.Ordinal).Count(), isLast || wave.Gate is null ? string.Empty : wave.Gate.Describe());
}
