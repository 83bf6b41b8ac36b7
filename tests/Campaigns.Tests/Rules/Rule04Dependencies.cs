using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.Tests.Worlds;

namespace HostAgent.Campaigns.Tests.Rules;

/// <summary>
/// None starts before what it depends on has succeeded; an item whose dependency ended otherwise is skipped with the dependency named.
/// Only a person overrides that.
/// </summary>
internal sealed class Rule04Dependencies : RuleChecker
{
    public override void Before(CampaignEvent campaignEvent)
    {
        if (Starts(campaignEvent) is { } id && !Ledger.Lifted.Contains(id))
        {
            var open = Ledger.AfterOf(id).FirstOrDefault(after => !Ledger.HasSucceeded(after));
            Must(open is null, $"{id} starts before {open}, which it waits for");
        }

        if (campaignEvent is ItemSkipped { Actor: null } skipped)
        {
            Must(
                skipped.Dependency is { } cause && Ledger.HasEndedUnmet(cause) && Ledger.AfterOf(skipped.Item).Contains(cause, StringComparer.Ordinal),
                $"{skipped.Item} is skipped and names no dependency that ended without success");
            Must(!Ledger.Lifted.Contains(skipped.Item), $"{skipped.Item} is skipped for a dependency that was overridden");
        }
    }

    public override void After(Turn turn)
    {
        foreach (var item in Ledger.Plan.Items)
        {
            if (item.Dependencies.Count > 0 && !Ledger.Ended.ContainsKey(item.Id) && !Ledger.InFlight.Contains(item.Id) && !Ledger.Lifted.Contains(item.Id))
            {
                var unmet = Ledger.AfterOf(item.Id).FirstOrDefault(Ledger.HasEndedUnmet);
                Must(unmet is null, $"{item.Id} waits for {unmet}, which has ended without success, and is not skipped");
            }
        }
    }
}
