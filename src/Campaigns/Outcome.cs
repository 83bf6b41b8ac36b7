using HostAgent.Campaigns.Effects;
using HostAgent.Campaigns.Events;

namespace HostAgent.Campaigns;

/// <summary>What a machine decided. The events are already applied to its state.</summary>
/// <param name="Events">To be made durable, all or none, with the version before them as the expected one.</param>
/// <param name="Effects">To be carried out only after the events are durable, in this order.</param>
/// <param name="Rejection">Why a command was refused; null when it was not. A refused command has no events of its own.</param>
public sealed record Outcome(IReadOnlyList<CampaignEvent> Events, IReadOnlyList<CampaignEffect> Effects, Rejection? Rejection);
