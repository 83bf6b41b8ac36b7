namespace HostAgent.Campaigns.Planning;

/// <summary>What a campaign would do.</summary>
/// <param name="Waves">The waves in order.</param>
/// <param name="Items">The items in the order in which they would start: wave by wave, round-robin over hosts, then by name, then by id.</param>
/// <param name="Dependencies">The dependencies between them.</param>
/// <param name="Refused">Machines that a selector named or matched and that are not part of the plan.</param>
/// <param name="Peaks">The highest number in flight at once that each limit allows with these items.</param>
/// <param name="Warnings">Worth knowing, not errors.</param>
public sealed record CampaignPlan(
    IReadOnlyList<PlannedWave> Waves,
    IReadOnlyList<PlannedItem> Items,
    IReadOnlyList<PlannedDependency> Dependencies,
    IReadOnlyList<RefusedItem> Refused,
    IReadOnlyList<LimitPeak> Peaks,
    IReadOnlyList<PlanWarning> Warnings)
{
    /// <summary>The items that must have succeeded before one may start.</summary>
    /// <param name="item">The position of the item in <see cref="Items"/>.</param>
    /// <returns>Their positions, ascending.</returns>
    public IReadOnlyList<int> AfterOf(int item)
    {
        if (Items[item].Dependencies is [var only])
        {
            // The common case, and the one in which many wait for many.
            return Dependencies[only].After;
        }

        var after = new SortedSet<int>();
        foreach (var dependency in Items[item].Dependencies)
        {
            after.UnionWith(Dependencies[dependency].After);
        }

        return [.. after];
    }
}
