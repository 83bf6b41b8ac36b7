using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.Spec;

namespace HostAgent.Campaigns.Tests.Model;

/// <content>What agents say, and what follows.</content>
internal sealed partial class NaiveCampaign
{
    private void Report(NaiveItem item, ItemReport report)
    {
        if (report.Attempt != item.Attempt || !(item.IsInFlight || item.Status == ItemStatus.UnknownOutcome))
        {
            return;
        }

        var wasUnknown = !item.IsInFlight;
        switch (report)
        {
            case AttemptQueued when !wasUnknown && !item.IsAccepted:
                (item.IsAccepted, item.Status) = (true, ItemStatus.Queued);
                break;
            case AttemptRunning when !wasUnknown && item.Status != ItemStatus.Running:
                (item.IsAccepted, item.Status) = (true, ItemStatus.Running);
                break;
            case AttemptSucceeded succeeded:
                Succeed(item, succeeded.WithWarnings ? ItemStatus.SucceededWithWarnings : ItemStatus.Succeeded);
                break;
            case AttemptFailed failed when !wasUnknown && MayRepeat(failed.Class) && item.Attempt - item.FormerAttempts < _spec.Retry.Attempts:
                RetryLater(item, failed.Class == RetryClass.NotReady);
                break;
            case AttemptFailed when wasUnknown:
                item.Status = ItemStatus.Failed;
                break;
            case AttemptFailed:
                Fail(item, ItemStatus.Failed);
                break;
            case AttemptOutcomeUnknown when !wasUnknown:
                Fail(item, ItemStatus.UnknownOutcome);
                break;
        }
    }

    private bool MayRepeat(RetryClass retryClass)
        => retryClass is RetryClass.BackOff or RetryClass.NotReady || (retryClass == RetryClass.FailedJob && _spec.Retry.FailedJobs);

    private void Succeed(NaiveItem item, ItemStatus status, bool isReported = true)
    {
        var (breaker, wave) = (Breakers[item.Planned.Host], Waves[item.Planned.Wave]);
        var wasProbe = LeaveFlight(item, status);
        (item.CountsInCampaign, item.CountsOnHost) = (false, false);
        if (wave.Spec.Ramp is { } ramp && ++wave.Successes >= wave.Bound)
        {
            (wave.Successes, wave.Bound) = (0, (int)Math.Ceiling(wave.Bound * ramp.Factor));
        }

        if (wasProbe && isReported)
        {
            (breaker.Status, breaker.Openings, breaker.Until) = (BreakerStatus.Closed, 0, null);
            foreach (var other in Items.Where(other => other.Planned.Host == item.Planned.Host))
            {
                other.CountsOnHost = false;
            }
        }
    }

    private void RetryLater(NaiveItem item, bool isNotReady)
    {
        var wasProbe = LeaveFlight(item, isNotReady ? ItemStatus.NotReady : ItemStatus.Queued);
        item.Next = _now + Pause(item.Attempt - item.FormerAttempts);
        if (wasProbe && !isNotReady)
        {
            Open(item.Planned.Host);
        }
    }

    private void Fail(NaiveItem item, ItemStatus status)
    {
        var wasProbe = LeaveFlight(item, status);
        (item.CountsInCampaign, item.CountsOnHost) = (true, true);
        var onHost = Items.Count(other => other.CountsOnHost && other.Planned.Host == item.Planned.Host);
        if (wasProbe || (Breakers[item.Planned.Host].Status == BreakerStatus.Closed && _spec.Tolerance.PerHost is { } perHost && onHost > Tolerated(perHost)))
        {
            Open(item.Planned.Host);
        }

        if (IsActive && !Pauses.Contains(PauseCause.Tolerance) && Failures > Tolerated(_spec.Tolerance.Failures))
        {
            if (_spec.Tolerance.OnBreach == BreachAction.Stop)
            {
                Status = CampaignStatus.Stopping;
                Pauses.Clear();
            }
            else
            {
                Pause(PauseCause.Tolerance);
            }
        }

        SkipDependants();
    }

    private void SkipDependants()
    {
        while (Items.FirstOrDefault(item => !item.IsInFlight && !item.Status.IsTerminal() && !item.IsLifted && AfterOf(item).Any(after => after.IsUnmet)) is { } item)
        {
            LeaveFlight(item, ItemStatus.Skipped);
        }
    }

    private bool LeaveFlight(NaiveItem item, ItemStatus status)
    {
        var breaker = Breakers[item.Planned.Host];
        var wasProbe = breaker.Probe == item;
        breaker.Probe = wasProbe ? null : breaker.Probe;
        (item.IsInFlight, item.Status, item.Next) = (false, status, null);
        return wasProbe;
    }

    private void Open(string host)
    {
        var breaker = Breakers[host];
        (breaker.Status, breaker.Until, breaker.Probe) = (BreakerStatus.Open, _now + Pause(breaker.Openings + 1), null);
        breaker.Openings++;
    }

    private TimeSpan Pause(int time) => TimeSpan.FromSeconds(Math.Min(_spec.Retry.Max.TotalSeconds, _spec.Retry.Initial.TotalSeconds * Math.Pow(_spec.Retry.Factor, time - 1)));
}
