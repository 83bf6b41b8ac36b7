using HostAgent.Campaigns.States;

namespace HostAgent.Campaigns.Internal.Snapshots;

/// <summary>What is known of a site, in the order of the sites.</summary>
internal sealed record SiteFacts(CircuitFacts Circuit, IReadOnlyList<int> FailingHosts, IReadOnlyList<int> SilentHosts)
{
    public static SiteFacts Of(CampaignSite site) => new(CircuitFacts.Of(site.Circuit), [.. site.FailingHosts], [.. site.SilentHosts]);
}
