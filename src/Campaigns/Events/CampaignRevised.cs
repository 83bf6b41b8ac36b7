using HostAgent.Campaigns.Spec;

namespace HostAgent.Campaigns.Events;

/// <summary>The document was replaced; the former items are void.</summary>
/// <param name="Spec">The document, with its defaults.</param>
/// <param name="Document">The document's text.</param>
/// <param name="Actor">Who, as the audit names them.</param>
public sealed record CampaignRevised(CampaignSpec Spec, string Document, string Actor) : CampaignEvent;
