using HostAgent.Campaigns.Spec;

namespace HostAgent.Campaigns.Events;

/// <summary>The campaign was stored.</summary>
/// <param name="Uid">Its identity towards the agents.</param>
/// <param name="Spec">The document, with its defaults.</param>
/// <param name="Document">The document's text.</param>
/// <param name="Actor">Who, as the audit names them.</param>
public sealed record CampaignCreated(Guid Uid, CampaignSpec Spec, string Document, string Actor) : CampaignEvent;
