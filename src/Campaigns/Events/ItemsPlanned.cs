using HostAgent.Campaigns.Planning;

namespace HostAgent.Campaigns.Events;

/// <summary>Items of the plan, in its order. A large plan comes in several of these.</summary>
/// <param name="Items">The items.</param>
public sealed record ItemsPlanned(IReadOnlyList<PlannedItem> Items) : CampaignEvent;
