using HostAgent.Campaigns.Planning;

namespace HostAgent.Campaigns.Events;

/// <summary>The plan is complete.</summary>
/// <param name="Dependencies">The dependencies between the items.</param>
public sealed record CampaignPlanned(IReadOnlyList<PlannedDependency> Dependencies) : CampaignEvent;
