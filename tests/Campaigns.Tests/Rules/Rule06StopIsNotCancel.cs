using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.Tests.Worlds;

namespace HostAgent.Campaigns.Tests.Rules;

/// <summary>
/// Pause and stop keep items from starting and never touch a running job; only a person's confirmed cancellation of that very item
/// ends one.
/// </summary>
internal sealed class Rule06StopIsNotCancel : RuleChecker
{
    private readonly HashSet<string> _cancelled = new(StringComparer.Ordinal);

    public override void Before(CampaignEvent campaignEvent)
    {
        if (Starts(campaignEvent) is { } id)
        {
            Must(Ledger.IsRunning && !Ledger.IsStopping && Ledger.Pauses.Count == 0, $"{id} starts while the campaign does not run");
            Must(!_cancelled.Contains(id), $"{id} starts after its cancellation");
        }

        if (campaignEvent is CampaignEnded)
        {
            Must(Ledger.InFlight.Count == 0, "a campaign ends when nothing is in flight");
        }

        if (campaignEvent is ItemRetryRequested retried)
        {
            _cancelled.Remove(retried.Item);
        }
    }

    public override void After(Turn turn)
    {
        foreach (var asked in turn.Events.OfType<ItemCancelRequested>())
        {
            Must((turn.Input as CancelItem)?.Item == asked.Item, $"{asked.Item} is cancelled, and nobody asked for that");
            Must(((CancelItem)turn.Input!).ConfirmPossibleDataLoss, $"{asked.Item} is cancelled without a confirmation");
            _cancelled.Add(asked.Item);
        }

        foreach (var call in turn.Effects.OfType<CancelOperation>())
        {
            Must(_cancelled.Contains(call.Item), $"the job of {call.Item} is terminated, and nobody asked for that");
        }
    }
}
