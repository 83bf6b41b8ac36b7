using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.Planning;
using HostAgent.Documents;

namespace HostAgent.Campaigns.Tests.Rules;

/// <summary>Items in flight never exceed any limit, at any instant; the start of a check or of an attempt counts.</summary>
internal sealed class Rule02Limits : RuleChecker
{
    public override void Before(CampaignEvent campaignEvent)
    {
        if (Starts(campaignEvent) is not { } id)
        {
            return;
        }

        Must(!Ledger.InFlight.Contains(id), $"{id} is in flight and starts");
        var (item, limits) = (Ledger.Item(id), Ledger.Spec.Limits);
        var flying = Ledger.InFlight.Select(Ledger.Item).ToList();
        Check("campaign", limits.Campaign, _ => true);
        Check("host", limits.Host, other => other.Host == item.Host);
        Check("site", limits.Site, other => other.Site == item.Site);
        Check("link", limits.Link, other => other.Site == item.Site && other.PrimarySite == item.PrimarySite);
        Check("tenant", limits.Tenant, other => other.Tenant == item.Tenant);

        void Check(string limit, Amount? allowed, Func<PlannedItem, bool> shares)
        {
            if (allowed is { } amount)
            {
                var count = flying.Count(shares) + 1;
                Must(count <= amount.Of(Ledger.Plan.Items.Count, 1), $"the limit {limit}, {amount.Number}, is exceeded: {count} in flight");
            }
        }
    }
}
