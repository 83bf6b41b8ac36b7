using HostAgent.Campaigns.Planning;
using HostAgent.Campaigns.Spec;

namespace HostAgent.Campaigns;

/// <summary>Turns a document and the hosts as they are into the items, waves and order of a campaign.</summary>
public static class CampaignPlanner
{
    /// <summary>Plans a campaign.</summary>
    /// <param name="spec">The valid document.</param>
    /// <param name="estate">The hosts and machines.</param>
    /// <returns>The plan, or why it cannot be run.</returns>
    public static PlanResult Plan(CampaignSpec spec, EstateView estate) => throw new NotSupportedException();
}
