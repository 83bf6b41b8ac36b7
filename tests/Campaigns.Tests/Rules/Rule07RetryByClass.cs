using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.Tests.Worlds;

namespace HostAgent.Campaigns.Tests.Rules;

/// <summary>Attempts are repeated by their class, not by hope; not more often than the document says, and not before the pause is over.</summary>
internal sealed class Rule07RetryByClass : RuleChecker
{
    private readonly Dictionary<string, DateTimeOffset> _notBefore = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _former = new(StringComparer.Ordinal);
    private readonly Dictionary<string, RetryClass> _rereads = new(StringComparer.Ordinal);
    private readonly HashSet<string> _cancelled = new(StringComparer.Ordinal);
    private bool _isLate;

    public override void Hears(CampaignInput input, DateTimeOffset now)
        => _isLate = input is ItemReport report && (Ledger.Ended.ContainsKey(report.Item) || Ledger.Attempts.GetValueOrDefault(report.Item) != report.Attempt);

    public override void Before(CampaignEvent campaignEvent)
    {
        switch (campaignEvent)
        {
            case ItemStarting starting:
                Must(!_notBefore.Remove(starting.Item, out var time), $"{starting.Item} starts at {starting.At} while it pauses until {time}");
                Must(AttemptsAt(starting.Item) < Ledger.Spec.Retry.Attempts, $"{starting.Item} gets more attempts than the document allows");
                _cancelled.Remove(starting.Item);
                _rereads.Remove(starting.Item);
                break;
            case ItemDue due:
                Must(due.At >= _notBefore.GetValueOrDefault(due.Item), $"the pause of {due.Item} is over too early");
                _notBefore.Remove(due.Item);
                break;
            case ItemRetryScheduled scheduled:
                CheckPause(scheduled);
                _notBefore[scheduled.Item] = scheduled.NextAttempt;
                break;
            case ItemRetryRequested requested:
                _former[requested.Item] = Ledger.Attempts.GetValueOrDefault(requested.Item);
                _notBefore.Remove(requested.Item);
                break;
            case ItemSkipped skipped:
                _notBefore.Remove(skipped.Item);
                break;
        }
    }

    public override void After(Turn turn)
    {
        switch (turn.Input)
        {
            case AttemptFailed failed when !_isLate && turn.Events.OfType<ItemEvent>().FirstOrDefault(each => each.Item == failed.Item && IsAnswer(each)) is { } answer:
                Judge(failed, answer);
                break;
            case StateRechecked reread when turn.Events.Any(each => each is ItemRetryScheduled scheduled && scheduled.Item == reread.Item):
                Must(reread.Verdict == StateVerdict.NotStarted && _rereads.GetValueOrDefault(reread.Item) == RetryClass.RereadState, $"{reread.Item} is tried again though its state forbids it");
                break;
        }

        _cancelled.UnionWith(turn.Events.OfType<ItemCancelRequested>().Select(each => each.Item));
    }

    /// <summary>What the machine may make of a failure; without any of these the report was about something that is over.</summary>
    private static bool IsAnswer(ItemEvent itemEvent) => itemEvent is ItemRetryScheduled or ItemRechecking or ItemFailed;

    private int AttemptsAt(string item) => Ledger.Attempts.GetValueOrDefault(item) - _former.GetValueOrDefault(item);

    private void Judge(AttemptFailed failed, ItemEvent answer)
    {
        if (answer is ItemRechecking)
        {
            _rereads[failed.Item] = failed.Class;
        }

        var mayRepeat = failed.Class is RetryClass.BackOff or RetryClass.NotReady || (failed.Class == RetryClass.FailedJob && Ledger.Spec.Retry.FailedJobs);
        var expected = failed.Class is RetryClass.JournalLost ? typeof(ItemRechecking)
            : _cancelled.Contains(failed.Item) ? typeof(ItemFailed)
            : failed.Class is RetryClass.RereadState or RetryClass.InvalidState ? typeof(ItemRechecking)
            : mayRepeat && AttemptsAt(failed.Item) < Ledger.Spec.Retry.Attempts ? typeof(ItemRetryScheduled)
            : typeof(ItemFailed);
        Must(answer.GetType() == expected, $"a failure of the class {failed.Class} gives {answer.GetType().Name}, and must give {expected.Name}");
    }

    private void CheckPause(ItemRetryScheduled scheduled)
    {
        var retry = Ledger.Spec.Retry;
        var pause = Math.Min(retry.Max.TotalSeconds, retry.Initial.TotalSeconds * Math.Pow(retry.Factor, AttemptsAt(scheduled.Item) - 1));
        var given = (scheduled.NextAttempt - scheduled.At).TotalSeconds;
        Must(
            given >= (pause * (1 - retry.Jitter)) - 0.001 && given <= (pause * (1 + retry.Jitter)) + 0.001,
            $"the pause before the next attempt at {scheduled.Item} is {given} s, and must be {pause} s, give or take the jitter");
    }
}
