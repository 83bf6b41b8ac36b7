using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.Spec;
using HostAgent.Campaigns.Tests.Worlds;
using HostAgent.Documents;

namespace HostAgent.Campaigns.Tests.Rules;

/// <summary>N failures are tolerated and the (N+1)th breaches, in the campaign and in the window alike; a breach stops starting and nothing else.</summary>
internal sealed class Rule03Tolerance : RuleChecker
{
    private readonly HashSet<string> _failed = new(StringComparer.Ordinal);
    private readonly List<DateTimeOffset> _times = [];
    private bool _isStopped;
    private bool _mustBreach;

    private bool IsPaused => Ledger.Pauses.Contains(PauseCause.Tolerance);

    public override void Before(CampaignEvent campaignEvent)
    {
        if (Starts(campaignEvent) is not null)
        {
            Must(!IsPaused && !_isStopped, "an item starts after the breach of the tolerance");
            Must(_failed.Count <= Tolerated(Ledger.Spec.Tolerance.Failures), $"{_failed.Count} items have failed, more than are tolerated, and an item starts");
        }

        switch (campaignEvent)
        {
            case ItemFailed or ItemOutcomeUnknown:
                Fail(((ItemEvent)campaignEvent).Item, campaignEvent.At);
                break;
            case ItemSucceeded or ItemCancelled or ItemRetryRequested or ItemResolved { Succeeded: true }:
                _failed.Remove(((ItemEvent)campaignEvent).Item);
                break;
            case CampaignResumed resumed when resumed.Causes.Contains(PauseCause.Tolerance):
            case CampaignReopened:
                _failed.Clear();
                _times.Clear();
                _isStopped = false;
                break;
            case CampaignEnded ended:
                _isStopped = ended.Status == CampaignStatus.Stopped;
                break;
            case CampaignStopping:
                _isStopped = true;
                break;
            case ToleranceBreached breach:
                Must(breach.Failures > breach.Tolerated, "a breach is of more failures than are tolerated");
                Must(!IsPaused && !_isStopped, "what is breached is not breached again");
                break;
        }
    }

    public override void After(Turn turn)
    {
        var tolerance = Ledger.Spec.Tolerance;
        if (turn.Events.OfType<ToleranceBreached>().Any())
        {
            var acted = tolerance.OnBreach == BreachAction.Stop
                ? turn.Events.Any(each => each is CampaignStopping)
                : turn.Events.Any(each => each is CampaignPaused { Cause: PauseCause.Tolerance });
            Must(acted, "a breach does what the document says");
        }
        else
        {
            Must(!_mustBreach, "more items failed within the window than are tolerated, and it is not breached");
        }

        _mustBreach = false;
        Must(!Ledger.IsRunning || IsPaused || _isStopped || _failed.Count <= Tolerated(tolerance.Failures), $"{_failed.Count} items have failed, more than are tolerated, and the campaign goes on");
    }

    private int Tolerated(Amount amount) => amount.Of(Ledger.Plan.Items.Count, 0);

    private void Fail(string id, DateTimeOffset at)
    {
        if (Ledger.IsUnknown(id))
        {
            // It has been counted already.
            return;
        }

        _failed.Add(id);
        _times.Add(at);
        if (Ledger.Spec.Tolerance.Window is { } window && Ledger.IsRunning && !IsPaused && !_isStopped)
        {
            _mustBreach |= _times.Count(time => time >= at - window.In) > Tolerated(window.Failures);
        }
    }
}
