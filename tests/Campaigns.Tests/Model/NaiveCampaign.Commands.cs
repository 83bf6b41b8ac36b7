using HostAgent.Campaigns.Messages;

namespace HostAgent.Campaigns.Tests.Model;

/// <content>What people want; each tells whether it is allowed.</content>
internal sealed partial class NaiveCampaign
{
    private bool TryStart(StartCampaign command)
    {
        if (Status is CampaignStatus.Ready or CampaignStatus.Scheduled)
        {
            Status = command.StartTime > _now ? CampaignStatus.Scheduled : CampaignStatus.Running;
            _start = command.StartTime;
            return true;
        }

        return IsActive;
    }

    private bool Pause(PauseCause cause)
    {
        Pauses.Add(cause);
        Status = CampaignStatus.Paused;
        return true;
    }

    private void Unpause(PauseCause cause)
    {
        if (Pauses.Remove(cause) && Pauses.Count == 0 && Status == CampaignStatus.Paused)
        {
            Status = CampaignStatus.Running;
        }
    }

    private bool TryResume()
    {
        if (Pauses.All(cause => cause == PauseCause.Gate))
        {
            return false;
        }

        if (Pauses.Contains(PauseCause.Tolerance))
        {
            CountAnew();
        }

        Unpause(PauseCause.Tolerance);
        Unpause(PauseCause.Operator);
        return true;
    }

    private void CountAnew()
    {
        foreach (var item in Items)
        {
            item.CountsInCampaign = false;
        }
    }

    private bool TryStop()
    {
        if (Status is CampaignStatus.Completed or CampaignStatus.CompletedWithFailures)
        {
            return false;
        }

        if (Status != CampaignStatus.Stopped)
        {
            Status = CampaignStatus.Stopping;
            Pauses.Clear();
        }

        return true;
    }

    private bool TryAnswer(string name, string actor, Func<NaiveWave, bool> answer)
    {
        var wave = Waves.Single(each => each.Spec.Name == name);
        return wave.Spec.Gate is { } gate && gate.Approvers.Contains(actor, StringComparer.Ordinal)
            && (wave.Status == WaveStatus.Done || (wave.Status == WaveStatus.AtGate && IsActive && answer(wave)));
    }

    private bool Approve(NaiveWave wave)
    {
        if (!wave.IsApproved)
        {
            (wave.IsApproved, wave.IsRejected) = (true, false);
            Unpause(PauseCause.Gate);
        }

        return true;
    }

    private bool Reject(NaiveWave wave)
    {
        if (wave.IsRejected)
        {
            return true;
        }

        if (wave.IsApproved)
        {
            return false;
        }

        wave.IsRejected = true;
        return Pause(PauseCause.Gate);
    }

    private bool TrySkip(NaiveItem item)
    {
        if (item.Status == ItemStatus.Skipped)
        {
            return true;
        }

        if (Status.IsTerminal() || item.IsInFlight || item.Status.IsTerminal())
        {
            return false;
        }

        LeaveFlight(item, ItemStatus.Skipped);
        item.IsSkippedByPerson = true;
        SkipDependants();
        return true;
    }

    private bool TryResolve(NaiveItem item, bool succeeded)
    {
        if (item.Status != ItemStatus.UnknownOutcome && !(succeeded && item.Status == ItemStatus.Failed))
        {
            return item.Status == (succeeded ? ItemStatus.Succeeded : ItemStatus.Failed);
        }

        if (succeeded)
        {
            Succeed(item, ItemStatus.Succeeded, isReported: false);
        }
        else
        {
            item.Status = ItemStatus.Failed;
        }

        return true;
    }

    private bool TryRetry(RetryItems command)
    {
        if ((!IsActive && !Status.IsTerminal()) || (Status == CampaignStatus.Stopped && command.Items.Count > 0))
        {
            return false;
        }

        var named = Items.Where(item => command.Items.Contains(item.Planned.Id, StringComparer.Ordinal)).ToList();
        if (named.Exists(item => item.Status is not (ItemStatus.Failed or ItemStatus.Cancelled or ItemStatus.Skipped) && (item.Status.IsTerminal() || !IsRetriedAndWaits(item))))
        {
            return false;
        }

        var retried = command.Items.Count > 0 ? named.Where(item => item.Status.IsTerminal()).ToHashSet() : Items.Where(item => item.Status == ItemStatus.Failed).ToHashSet();
        while (command.Items.Count == 0 && Items.FirstOrDefault(item => !retried.Contains(item) && Follows(item, retried)) is { } follower)
        {
            retried.Add(follower);
        }

        if (Status == CampaignStatus.Stopped || (Status.IsTerminal() && retried.Count > 0))
        {
            Status = CampaignStatus.Running;
            CountAnew();
        }

        var lifted = retried.Where(item => AfterOf(item).Any(after => after.IsUnmet && !retried.Contains(after))).ToList();
        lifted.ForEach(item => item.IsLifted = true);
        foreach (var item in retried)
        {
            Reopen(Waves[item.Planned.Wave]);
            (item.Status, item.FormerAttempts, item.IsSkippedByPerson, item.CountsInCampaign, item.CountsOnHost) = (ItemStatus.Queued, item.Attempt, false, false, false);
        }

        return true;
    }

    private static bool IsRetriedAndWaits(NaiveItem item) => item.Attempt == item.FormerAttempts && (item.Attempt > 0 || item.Status == ItemStatus.Queued);

    /// <summary>Whether an item was skipped for nothing but items that are tried again.</summary>
    private bool Follows(NaiveItem item, HashSet<NaiveItem> retried)
        => item is { Status: ItemStatus.Skipped, IsSkippedByPerson: false } && AfterOf(item).Any(retried.Contains) && AfterOf(item).All(after => !after.IsUnmet || retried.Contains(after));

    private void Reopen(NaiveWave wave)
    {
        if (wave.Status is not (WaveStatus.Done or WaveStatus.AtGate))
        {
            return;
        }

        (wave.Status, wave.SoaksUntil) = (WaveStatus.Running, null);
        if (wave.IsRejected)
        {
            Unpause(PauseCause.Gate);
        }

        if (!wave.IsPassed)
        {
            (wave.IsApproved, wave.IsRejected) = (false, false);
        }
    }
}
