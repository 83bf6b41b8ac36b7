using System.Globalization;
using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.Spec;

namespace HostAgent.Campaigns.Rules;

/// <summary>
/// Runs of a drill that has a schedule. The campaign that has it starts no item itself: at each time a campaign of its own begins, unless the one before has not ended. A
/// time that has passed while no coordinator was there is made up for once, within the grace; everything else is left out, and recorded.
/// </summary>
internal static class ScheduledRuns
{
    public static void Start(Decision decision, ScheduleSpec schedule, StartCampaign command)
    {
        var after = command.StartTime is { } wanted && wanted > decision.Now ? wanted : decision.Now;
        if (decision.State.Status == CampaignStatus.Scheduled)
        {
            return;
        }

        if (schedule.Next(after) is { } first)
        {
            decision.Emit(new CampaignScheduled(first, command.Actor));
        }
        else
        {
            CampaignCommands.RejectState(decision, "Its schedule has no further runs");
        }
    }

    public static void Elapse(Decision decision, ScheduleSpec schedule)
    {
        var (state, earliest) = (decision.State, decision.Now - schedule.Grace);
        var missed = state.StartTime!.Value;
        var due = missed >= earliest ? missed : schedule.Next(earliest) is { } later && later <= decision.Now ? later : missed;
        decision.Emit(new ScheduledRunDue(due, schedule.Next(decision.Now)));
        if (due < earliest)
        {
            decision.Emit(new ScheduledRunSkipped(due, string.Create(CultureInfo.InvariantCulture, $"no coordinator was there within {Documents.DurationText.Write(schedule.Grace)} of its time")));
        }
        else
        {
            Repeat(decision);
        }
    }

    /// <summary>Has a run that is due begun, once more after a replay.</summary>
    public static void Repeat(Decision decision)
    {
        if (decision.State is { Status: CampaignStatus.Scheduled, DueRun: { } due, Spec.Schedule: { } schedule } state)
        {
            decision.Do(new BeginRun(due, schedule, state.LastRun, state.StartedBy));
        }
    }

    public static void Begun(Decision decision, RunBegun report)
    {
        if (decision.State.DueRun == report.Due)
        {
            decision.Emit(new ScheduledRunBegun(report.Due, report.Run));
        }
    }

    public static void LeftOut(Decision decision, RunLeftOut report)
    {
        if (decision.State.DueRun == report.Due)
        {
            decision.Emit(new ScheduledRunSkipped(report.Due, report.Reason));
        }
    }
}
