using System.Globalization;
using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.States;
using HostAgent.Coordinator.Wire;
using static HostAgent.Coordinator.Reports.ReportText;

namespace HostAgent.Coordinator.Reports;

/// <summary>The events that belong in an auditor's timeline, and their sentences. Progress reports of a host do not.</summary>
internal static class ReportTimeline
{
    private const string Coordinator = "coordinator";

    /// <summary>The timeline entry for an event; null for none.</summary>
    /// <param name="decided">The event.</param>
    /// <param name="state">The campaign after the event.</param>
    public static TimelineEntry? Of(CampaignEvent decided, CampaignState state) => decided switch
    {
        CampaignCreated created => Act(created, created.Actor, "", "Created the campaign."),
        CampaignRevised revised => Act(revised, revised.Actor, "", "Replaced the document."),
        CampaignScheduled scheduled => Act(scheduled, scheduled.Actor, "", string.Create(CultureInfo.InvariantCulture, $"Scheduled the start for {scheduled.StartTime.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z.")),
        CampaignStarted started => Act(started, started.Actor, "", "Started the campaign."),
        CampaignForecasted { Forecast: { } forecast } made => Act(made, Coordinator, "", $"Forecast {Whole(forecast.Duration.P50)} in half of its runs, at most {Whole(forecast.Duration.P90)} in nine of ten."),
        CampaignPaused paused => Act(paused, paused.Actor, "", paused.Reason),
        CampaignResumed resumed => Act(resumed, resumed.Actor, "", With("Resumed the campaign", resumed.Reason)),
        CampaignStopping stopping => Act(stopping, stopping.Actor, "", stopping.Reason),
        CampaignReopened reopened => Act(reopened, reopened.Actor, "", "Resumed the campaign after its end."),
        CampaignEnded ended => Act(ended, Coordinator, "", $"The campaign ended: {UpperSnake.Of(ended.Status)}."),
        EpochAdvanced advanced => Act(advanced, Coordinator, "", Text($"A coordinator took over the campaign with epoch {advanced.Epoch}.")),
        ToleranceBreached breached => Act(breached, Coordinator, "", Text($"The tolerance ({breached.Scope}) was breached: {breached.Failures} failures, {breached.Tolerated} tolerated.")),
        WaveStarted started => Act(started, Coordinator, Wave(started.Wave, state), "The wave started."),
        WaveReachedGate reached => Act(reached, Coordinator, Wave(reached.Wave, state), "Every item of the wave has ended; its gate is next."),
        ScheduledRunBegun begun => Act(begun, Coordinator, begun.Run, "Began a run."),
        ScheduledRunSkipped skipped => Act(skipped, Coordinator, "", $"Left out the run of {skipped.Due.UtcDateTime:u}: {skipped.Reason}."),
        WaveOutagesApproved approved => Act(approved, approved.Actor, Wave(approved.Wave, state), With(Approved(approved), approved.Comment)),
        SoakEnded ended => Act(ended, ended.Actor, Wave(ended.Wave, state), With("Ended the soak", ended.Comment)),
        WaveApproved approved => Act(approved, approved.Actor, Wave(approved.Wave, state), With("Approved the gate", approved.Comment)),
        WaveProgramBegun begun => Act(begun, begun.Actor, Wave(begun.Wave, state), $"Has the program {Program(begun.Wave, begun.Moment, state)} run."),
        WaveProgramEnded ended => Act(ended, Coordinator, Wave(ended.Wave, state), $"The program {Program(ended.Wave, ended.Moment, state)} ended, {UpperSnake.Of(ended.Status)}: {ended.Explanation}"),
        WaveProgramSkipped skipped => Act(skipped, skipped.Actor, Wave(skipped.Wave, state), With($"Went on without the program {Program(skipped.Wave, skipped.Moment, state)}", skipped.Comment)),
        WaveRejected rejected => Act(rejected, rejected.Actor, Wave(rejected.Wave, state), With("Rejected the gate", rejected.Comment)),
        WaveDone done => Act(done, Coordinator, Wave(done.Wave, state), "The wave is done."),
        WaveReopened reopened => Act(reopened, Coordinator, Wave(reopened.Wave, state), "The wave runs again."),
        BreakerOpened opened => Act(opened, Coordinator, opened.Host, $"The host's circuit breaker opened: {opened.Reason}"),
        BreakerClosed closed => Act(closed, Coordinator, closed.Host, "The host's circuit breaker closed."),
        SiteBreakerOpened opened => Act(opened, Coordinator, opened.Site, $"The site's circuit breaker opened: {opened.Reason}"),
        SiteBreakerClosed closed => Act(closed, Coordinator, closed.Site, "The site's circuit breaker closed."),
        ItemEvent about => OfItem(about, state),
        _ => null,
    };

    private static TimelineEntry? OfItem(ItemEvent decided, CampaignState state) => decided switch
    {
        ItemFailed failed => Act(failed, Coordinator, Item(failed, state), $"It failed ({failed.Reason}): {failed.Explanation}"),
        ItemOutcomeUnknown unknown => Act(unknown, Coordinator, Item(unknown, state), $"Its outcome is unknown ({unknown.Reason}): {unknown.Explanation}"),
        ItemSkipped skipped => Act(skipped, skipped.Actor ?? Coordinator, Item(skipped, state), skipped.Explanation),
        ItemCancelRequested requested => Act(requested, requested.Actor, Item(requested, state), With("Requested cancellation of a running failback", requested.Reason)),
        ItemCancelled cancelled => Act(cancelled, Coordinator, Item(cancelled, state), cancelled.Explanation),
        ItemResolved resolved => Act(resolved, resolved.Actor, Item(resolved, state), $"Decided that it {(resolved.Succeeded ? "succeeded" : "failed")}: {resolved.Reason}"),
        ItemRecheckRequested requested => Act(requested, requested.Actor, Item(requested, state), "Requested a recheck of an unknown outcome."),
        ItemRetryRequested requested => Act(requested, requested.Actor, Item(requested, state), With("Requested a new attempt", requested.Reason)),
        _ => null,
    };

    private static TimelineEntry Act(CampaignEvent decided, string actor, string target, string explanation)
        => new(decided.At, actor, CampaignEventCodec.NameOf(decided), target, explanation);

    private static string Wave(int wave, CampaignState state) => state.Waves[wave].Spec.Name;

    private static string Program(int wave, Campaigns.Spec.WaveMoment moment, CampaignState state) => state.Waves[wave].Spec.Once?.NameAt(moment) ?? "";

    private static string Item(ItemEvent decided, CampaignState state)
        => state.FindItem(decided.Item) is { } item ? $"{item.Planned.VirtualMachineName} on {item.Host.Name}" : decided.Item;

    private static string With(string act, string reason) => reason.Length == 0 ? $"{act}." : $"{act}: {reason}";

    private static string Approved(WaveOutagesApproved approved)
        => (approved.WayBack ? "Approved the way back" : "Approved the outages") + (approved.Except is { Count: var left } ? string.Create(CultureInfo.InvariantCulture, $" without {left} held or ended") : "");

}
