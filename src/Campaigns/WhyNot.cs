using System.Globalization;
using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.Planning;
using HostAgent.Campaigns.Spec;
using HostAgent.Campaigns.States;
using HostAgent.Texts;

namespace HostAgent.Campaigns;

/// <summary>Why an item does not move: the one reason that must go first.</summary>
/// <param name="Code">The UPPER_SNAKE_CASE name of the reason.</param>
/// <param name="Subject">What it is about: a wave, a host, a site, a limit or a question; empty when it is the campaign.</param>
/// <param name="Explanation">One sentence for a person.</param>
/// <param name="EarliestTime">When it can end by itself; null when it has no time of its own.</param>
/// <param name="Act">What a person can do, as a command where there is one; empty when nothing need be done.</param>
public sealed record ItemWait(string Code, string Subject, string Explanation, DateTimeOffset? EarliestTime, string Act);

/// <summary>Rule 15: every item that does not move has exactly one reason, the earliest time at which it can move, and the act that frees it.</summary>
public static class WhyNot
{
    /// <summary>Explains an item.</summary>
    /// <param name="state">The campaign.</param>
    /// <param name="item">One of its items.</param>
    /// <param name="now">The time.</param>
    /// <returns>The reason; null when the item has ended, or is in flight and waits neither for a person nor for its machine to show something else.</returns>
    public static ItemWait? Of(CampaignState state, CampaignItem item, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(item);
        if (item.Status.IsTerminal())
        {
            return null;
        }

        if (item.Status == ItemStatus.Held)
        {
            return new ItemWait("ASKS", item.FailureReason, item.Explanation, null, $"failback vm status {CommandText.Machine(item.Planned.VirtualMachineName, item.Id)}");
        }

        if (item is { Phase: AttemptPhase.Rechecking, NextTime: { } again })
        {
            return new ItemWait("RECHECK", item.FailureReason, item.Explanation, again, $"failback campaign cancel {state.Spec!.Name} {item.Id} --confirm-possible-data-loss");
        }

        return item.IsInFlight ? null : OfCampaign(state, now) ?? OfItem(state, item) ?? OfLimits(state, item)
            ?? new ItemWait("NEXT", "", "It starts as soon as the campaign takes its next turn.", null, "");
    }

    private static ItemWait? OfCampaign(CampaignState state, DateTimeOffset now)
    {
        var name = state.Spec!.Name;
        return state.Status switch
        {
            CampaignStatus.Ready or CampaignStatus.Draft => new ItemWait("NOT_STARTED", "", "The campaign has not been started.", null, $"failback campaign start {name}"),
            CampaignStatus.Scheduled => new ItemWait("SCHEDULED", "", state.Explanation, state.StartTime, state.Spec.Schedule is null ? $"failback campaign start {name}" : ""),
            CampaignStatus.Paused => new ItemWait(
                $"PAUSED_{state.PauseCause.ToString().ToUpperInvariant()}",
                "",
                state.Explanation,
                state.PauseCause == PauseCause.Window && state.EndsByItself(PauseCause.Window) && state.Spec.Window is { } window ? new WindowSchedule(window).NextChange(now) : null,
                state.PauseCause switch
                {
                    PauseCause.Ownership => "stop the other coordinator",
                    PauseCause.Window when state.EndsByItself(PauseCause.Window) => "",
                    _ => $"failback campaign resume {name}",
                }),
            CampaignStatus.Stopping or CampaignStatus.Stopped => new ItemWait("STOPPED", "", "The campaign was stopped: nothing starts any more.", null, $"failback campaign retry {name}"),
            _ => null,
        };
    }

    private static ItemWait? OfItem(CampaignState state, CampaignItem item)
    {
        var (campaign, wave) = (state.Spec!.Name, item.Wave);
        if (item is { Soaks: true, NextTime: { } end })
        {
            return new ItemWait("SOAK", wave.Spec.Name, item.Explanation, end, $"failback campaign end-soak {campaign} {wave.Spec.Name}");
        }

        if (item.NextTime is { } next)
        {
            return new ItemWait("RETRY", item.FailureReason, item.Explanation.Length > 0 ? item.Explanation : "It is tried again after a pause.", next, "");
        }

        if (item.StepKind == StepKind.Synchronize)
        {
            return OfPhase(state, PairPhase.Sync);
        }

        if (wave.Status != WaveStatus.Running)
        {
            var current = state.CurrentWave!;
            return OfProgram(campaign, current) ?? (current.Status == WaveStatus.AtGate
                ? new ItemWait("GATE", current.Spec.Name, $"Wave {current.Spec.Name} is at its gate: {current.WaitingFor}.", current.SoakEndTime, current.NeedsApproval ? $"failback campaign approve {campaign} {current.Spec.Name}" : "")
                : new ItemWait("WAVE", current.Spec.Name, string.Create(CultureInfo.InvariantCulture, $"Wave {current.Spec.Name} goes first: {current.Counts.Terminal} of {current.Counts.Total} items are done."), null, ""));
        }

        if (item is { StepKind: StepKind.SwitchOver, IsOnWayBack: false } && wave.HoldsOutages)
        {
            return OfProgram(campaign, wave);
        }

        if (item is { StepKind: StepKind.SwitchOver, IsOnWayBack: true } && wave.NeedsApprovalOf(item.Way))
        {
            return new ItemWait(
                "WAY_BACK_APPROVAL", wave.Spec.Name, $"The way back of wave {wave.Spec.Name} waits for the approval of {wave.Outage!.Describe()}.", null, $"failback campaign approve {campaign} {wave.Spec.Name} --way-back");
        }

        if (item.StepKind == StepKind.SwitchOver && wave.NeedsOutageApproval)
        {
            return new ItemWait(
                "OUTAGE_APPROVAL", wave.Spec.Name, $"The outages of wave {wave.Spec.Name} wait for the approval of {wave.Outage!.Describe()}.", null, $"failback campaign approve {campaign} {wave.Spec.Name}");
        }

        if (item.StepKind == StepKind.SwitchOver && wave.LeavesOut(item.Way, item.Index))
        {
            return new ItemWait(
                item.IsOnWayBack ? "WAY_BACK_APPROVAL" : "OUTAGE_APPROVAL",
                wave.Spec.Name,
                $"The outages of wave {wave.Spec.Name} were approved without this machine, which was held or had ended: its own waits for the approval of {wave.Outage!.Describe()}.",
                null,
                $"failback campaign approve {campaign} {wave.Spec.Name}{(item.IsOnWayBack ? " --way-back" : "")}");
        }

        if (!item.DependenciesHold)
        {
            var open = item.Planned.Dependencies.Select(position => state.Dependencies[position]).First(dependency => dependency.Open > 0);
            var first = open.Planned.After.Select(index => state.Items[index]).First(other => !other.Status.IsSuccess());
            return new ItemWait(
                "DEPENDENCY", open.Planned.Text, $"{open.Planned.Text}: {first.Planned.VirtualMachineName} is {StatusNames.Of(first.Status)}.", null, $"failback campaign retry {campaign} {item.Id}");
        }

        if (!item.DependenciesLifted && item.Sets?.Find(set => set.MissingOn(item.Way) > 0) is { } incomplete)
        {
            var missing = incomplete.Planned.Items.Select(index => state.Items[index]).First(member => !member.IsCountedInSets(item.Way));
            return new ItemWait(
                "TOGETHER",
                incomplete.Planned.Text,
                $"It goes down together with {incomplete.Planned.Text}, and {missing.Planned.VirtualMachineName} is {StatusNames.Of(missing.Status)}{(missing.NeedsOutageApproval ? " and waits for the approval of its outage" : "")}.",
                null,
                missing.Status.IsTerminal() ? $"failback campaign retry {campaign} {missing.Id}" : "");
        }

        return item.StepKind == StepKind.SwitchOver ? OfPhase(state, PairPhase.Switch) : null;
    }

    private static ItemWait? OfProgram(string campaign, CampaignWave wave)
        => wave.AskingMoment is { } moment
            ? new ItemWait(
                "WAVE_PROGRAM_FAILED",
                wave.Spec.Name,
                $"Wave {wave.Spec.Name} waits for {wave.WaitingFor}: {wave.ProgramAt(moment)!.Explanation}",
                null,
                $"failback campaign retry {campaign}, or failback campaign approve {campaign} {wave.Spec.Name} to go on without it")
            : wave is { Before.Status: ProgramStatus.Running } or { After.Status: ProgramStatus.Running } ? new ItemWait("WAVE_PROGRAM", wave.Spec.Name, $"Wave {wave.Spec.Name} waits for {wave.WaitingFor}.", null, "")
            : null;

    private static ItemWait? OfPhase(CampaignState state, PairPhase phase)
        => state.ClosedUntil(phase) is { } opens
            ? new ItemWait("WINDOW", phase == PairPhase.Sync ? "sync" : "switch", $"The window for {(phase == PairPhase.Sync ? "bringing machines in step" : "outages")} is closed.", opens, "")
            : null;

    private static ItemWait? OfLimits(CampaignState state, CampaignItem item)
    {
        var (host, site, peer, lane) = (item.Host, item.Host.Site, item.Peer, WaitingIndex.QueueOf(item).Lane);
        return 0 switch
        {
            _ when !host.Circuit.LetsThrough => new ItemWait(
                "BREAKER", host.Name, $"The circuit breaker of {host.Name} is {(host.Breaker == BreakerStatus.Open ? "open" : "half open, with a probe in flight")}.", host.Circuit.Until, ""),
            _ when !site.Circuit.LetsThrough => new ItemWait("SITE_BREAKER", site.Name, $"The circuit breaker of site {site.Name} is open.", site.Circuit.Until, ""),
            _ when !state.Whole.HasRoom => Full("campaign", "", state.Whole.Limit),
            _ when host.Load >= host.Limit => Full("host", host.Name, host.Limit),
            _ when site.Load >= site.Limit => Full("site", site.Name, site.Limit),
            _ when peer is { Breaker: BreakerStatus.Open } => new ItemWait("BREAKER", peer.Name, $"The circuit breaker of {peer.Name} is open.", peer.Circuit.Until, ""),
            _ when peer is { Site.Breaker: BreakerStatus.Open } => new ItemWait("SITE_BREAKER", peer.Site.Name, $"The circuit breaker of site {peer.Site.Name} is open.", peer.Site.Circuit.Until, ""),
            _ when peer is not null && peer.Load >= peer.Limit => Full("host", peer.Name, peer.Limit),
            _ when peer is not null && peer.Site.Load >= peer.Site.Limit => Full("site", peer.Site.Name, peer.Site.Limit),
            _ when !lane.Link.HasRoom => Full("link", "", lane.Link.Limit),
            _ when !lane.Tenant.HasRoom => Full("tenant", "", lane.Tenant.Limit),
            _ when item.StepKind == StepKind.SwitchOver && !state.Switches.HasRoom => Full("switch", "", state.Switches.Limit),
            _ when item.StepKind != StepKind.Synchronize && item.Wave.InFlight >= item.Wave.RampBound => new ItemWait(
                "RAMP", item.Wave.Spec.Name, string.Create(CultureInfo.InvariantCulture, $"The ramp of wave {item.Wave.Spec.Name} lets {item.Wave.RampBound} go at once."), null, ""),
            _ => null,
        };

        static ItemWait Full(string limit, string of, int most) => new(
            "LIMIT", of.Length == 0 ? limit : $"{limit} {of}", string.Create(CultureInfo.InvariantCulture, $"As many are in flight as limits.{limit} allows{(of.Length == 0 ? "" : $" on {of}")}: {most}."), null, "");
    }
}
