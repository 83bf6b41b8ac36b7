using HostAgent.Campaigns.Planning;

namespace HostAgent.Campaigns.Events;

/// <summary>The plan is complete.</summary>
/// <param name="Dependencies">The dependencies between the items.</param>
public sealed record CampaignPlanned(IReadOnlyList<PlannedDependency> Dependencies) : CampaignEvent
{
    /// <summary>What the plan left out and warned of; null when there is nothing to note.</summary>
    public PlanNotes? Notes { get; init; }
}
