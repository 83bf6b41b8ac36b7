using HostAgent.Campaigns.Planning;
using HostAgent.Campaigns.Spec;

namespace HostAgent.Campaigns.Inputs;

/// <summary>Stores a planned campaign. The first input of every machine.</summary>
/// <param name="Uid">The campaign's identity towards the agents.</param>
/// <param name="Spec">The valid document.</param>
/// <param name="Plan">Its plan, without problems.</param>
/// <param name="Document">The document's text as it was given.</param>
/// <param name="Actor">Who, as the audit names them.</param>
public sealed record CreateCampaign(Guid Uid, CampaignSpec Spec, CampaignPlan Plan, string Document, string Actor) : CampaignInput
{
    /// <summary>Whether the actor has accepted what the plan leaves out and warns of.</summary>
    public bool AcceptsWarnings { get; init; }
}
