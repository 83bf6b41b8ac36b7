using System.Globalization;
using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.States;
using HostAgent.Texts;

namespace HostAgent.Campaigns.Notices;

/// <summary>
/// Reads a campaign's recorded events, from the first on, and says what people are told of each. A function of the events alone: reading them again gives the same
/// notices with the same versions. Not thread-safe.
/// </summary>
public sealed class NoticeReader
{
    private const int LongestText = 500;
    private const int LongestSubject = 100;

    private readonly CampaignState _state = new();
    private readonly HashSet<string> _approvals = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _held = new(StringComparer.Ordinal);
    private readonly HashSet<string> _failed = new(StringComparer.Ordinal);
    private readonly HashSet<string> _unknown = new(StringComparer.Ordinal);
    private readonly HashSet<string> _lost = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<PauseCause> _pauses = [];
    private readonly List<Notice> _notices = [];
    private DateTimeOffset _time;

    /// <summary>The version of the newest event that was read; 0 before the first.</summary>
    public long Version => _state.Version;

    /// <summary>The campaign's state after that event.</summary>
    public CampaignStatus Status => _state.Status;

    /// <summary>Reads the next event.</summary>
    /// <param name="campaignEvent">The event.</param>
    /// <returns>What people are told of it; mostly nothing.</returns>
    /// <exception cref="InvalidOperationException">The event does not fit the previous ones: the log belongs to another campaign.</exception>
    public IReadOnlyList<Notice> Read(CampaignEvent campaignEvent)
    {
        ArgumentNullException.ThrowIfNull(campaignEvent);
        _state.Apply(campaignEvent);
        _time = campaignEvent.At;
        _notices.Clear();
        switch (campaignEvent)
        {
            case ItemEvent item:
                ReadItem(item);
                break;
            case WaveDone or WaveApproved or WaveRejected or WaveOutagesApproved or WaveProgramSkipped or WaveReopened or WaveProgramBegun:
                ReadWave(campaignEvent);
                break;
            case HostLost { Host: var host } lost when _state.FindHost(host) is { Load: > 0 and var load } && _lost.Add(host):
                Tell(NoticeTopic.HostUnreachable, host, $"Host {host} is unreachable with {Count(load, "item")} in flight: {lost.Explanation}", "failback host list");
                break;
            case HostFound { Host: var host } when _lost.Remove(host):
                Tell(NoticeTopic.HostReachable, host, $"Host {host} is reachable again.");
                break;
            default:
                ReadCampaign(campaignEvent);
                break;
        }

        ReadApprovals();
        return _notices.Count == 0 ? [] : [.. _notices];
    }

    private string Name => _state.Spec?.Name ?? string.Empty;

    private void ReadCampaign(CampaignEvent campaignEvent)
    {
        switch (campaignEvent)
        {
            case CampaignRevised:
                // Its items are others from here on.
                _approvals.Clear();
                _held.Clear();
                _failed.Clear();
                _unknown.Clear();
                _lost.Clear();
                break;
            case CampaignStarted started:
                Tell(NoticeTopic.CampaignStarted, "", $"The campaign was started by {started.Actor}: {Count(_state.Items.Count, "machine")}, {Count(_state.Waves.Count, "wave")}.");
                break;
            case CampaignPaused paused when _pauses.Add(paused.Cause):
                var ends = paused is { Cause: PauseCause.Window, Automatic: true } or { Cause: PauseCause.Ownership };
                Tell(NoticeTopic.CampaignPaused, "", $"The campaign is paused ({WordOf(paused.Cause)}). {paused.Reason}", ends ? "" : $"failback campaign resume {Name}");
                break;
            case CampaignResumed resumed:
                _pauses.ExceptWith(resumed.Causes);
                if (_pauses.Count == 0)
                {
                    Tell(NoticeTopic.CampaignResumed, "", $"The campaign goes on; resumed by {resumed.Actor}{Because(resumed.Reason)}");
                }

                break;
            case CampaignReopened reopened:
                Tell(NoticeTopic.CampaignResumed, "", $"The campaign had ended and goes on; continued by {reopened.Actor}.");
                break;
            case CampaignStopping stopping:
                _pauses.Clear();
                var what = stopping.TakesBack ? "Machines whose outage is under way go back." : "What is in flight is followed to its end.";
                Tell(NoticeTopic.CampaignStopping, "", $"The campaign is being stopped. {SentenceText.Ended(stopping.Reason)} {what}");
                break;
            case CampaignEnded ended:
                _pauses.Clear();
                Tell(NoticeTopic.CampaignFinished, "", $"The campaign has ended {StatusNames.Of(ended.Status)}: {Counts(_state.Counts)}.", $"failback campaign report {Name}");
                break;
            case ScheduledRunSkipped skipped:
                Tell(NoticeTopic.ScheduledRunSkipped, "", string.Create(CultureInfo.InvariantCulture, $"The run of {skipped.Due.UtcDateTime:yyyy-MM-dd HH:mm}Z was left out: {skipped.Reason}."));
                break;
        }
    }

    private void ReadItem(ItemEvent item)
    {
        var machine = _state.FindItem(item.Item)?.Planned.VirtualMachineName ?? item.Item;
        switch (item)
        {
            case ItemAsks asks:
                if (_held.GetValueOrDefault(item.Item) != asks.Code)
                {
                    _held[item.Item] = asks.Code;
                    Tell(NoticeTopic.MachineHeld, machine, $"{machine} waits for a person's decision ({asks.Code}){(asks.KeepsSlot ? ", its service is down" : "")}: {asks.Explanation}", $"failback vm status {CommandText.Machine(machine, item.Item)}");
                }

                return;
            case ItemOverdue overdue:
                Tell(NoticeTopic.MachineOverdue, machine, $"{machine} takes longer than expected ({overdue.Reason}): {overdue.Explanation}", $"failback campaign explain {Name}");
                return;
            case ItemOutcomeUnknown unknown:
                _held.Remove(item.Item);
                if (_unknown.Add(item.Item))
                {
                    Tell(NoticeTopic.MachineOutcomeUnknown, machine, $"How {machine} ended is unknown ({unknown.Reason}): {unknown.Explanation}", $"failback campaign show {Name} --items");
                }

                return;
        }

        var end = item switch
        {
            ItemSucceeded => "it has succeeded",
            ItemFailed failed => $"it has failed ({failed.Reason}): {failed.Explanation}",
            ItemCancelled => "it was cancelled",
            ItemSkipped skipped => $"it was skipped: {skipped.Explanation}",
            ItemResolved resolved => $"{resolved.Actor} decided that it {(resolved.Succeeded ? "has succeeded" : "has failed")}{Because(resolved.Reason)}",
            ItemRetryRequested retry => $"{retry.Actor} has it tried again{Because(retry.Reason)}",
            ItemAnswered => "it goes on",
            _ => null,
        };
        if (end is null)
        {
            return;
        }

        var wasUnknown = _unknown.Remove(item.Item);
        if (wasUnknown)
        {
            Tell(NoticeTopic.MachineOutcomeResolved, machine, $"How {machine} ended is no longer unknown: {end}");
        }
        else if (_held.Remove(item.Item) && item is not ItemFailed)
        {
            Tell(NoticeTopic.MachineAnswered, machine, $"{machine} no longer waits for a decision: {end}");
        }

        if (item is ItemFailed { Reason: var reason, Explanation: var why })
        {
            _failed.Add(item.Item);
            if (!wasUnknown)
            {
                Tell(NoticeTopic.MachineFailed, machine, $"{machine} has failed ({reason}): {why}", $"failback campaign retry {Name}");
            }
        }
        else if (item is ItemResolved { Succeeded: false })
        {
            _failed.Add(item.Item);
        }
        else if (item is ItemSucceeded && _failed.Remove(item.Item) && !wasUnknown)
        {
            Tell(NoticeTopic.MachineRecovered, machine, $"{machine} has succeeded after it had failed.");
        }
    }

    private void ReadWave(CampaignEvent campaignEvent)
    {
        switch (campaignEvent)
        {
            case WaveDone done:
                var wave = _state.Waves[done.Wave];
                Tell(NoticeTopic.WaveEnded, wave.Spec.Name, $"Wave {wave.Spec.Name} has ended: {Counts(wave.Counts)}.");
                break;
            case WaveApproved approved:
                Given(approved.Wave, "gate", "the gate", approved.Actor, approved.Comment);
                break;
            case WaveOutagesApproved approved:
                Given(approved.Wave, approved.WayBack ? "way back" : "outages", approved.WayBack ? "the way back" : "the outages", approved.Actor, approved.Comment);
                break;
            case WaveProgramSkipped skipped:
                Given(skipped.Wave, "program", "to go on without its program for", skipped.Actor, skipped.Comment);
                break;
            case WaveProgramBegun begun:
                _approvals.Remove(Key(begun.Wave, "program"));
                break;
            case WaveReopened reopened:
                _approvals.RemoveWhere(key => key.StartsWith(Key(reopened.Wave, ""), StringComparison.Ordinal));
                break;
            case WaveRejected rejected:
                _approvals.Remove(Key(rejected.Wave, "gate"));
                var name = _state.Waves[rejected.Wave].Spec.Name;
                Tell(NoticeTopic.ApprovalRejected, name, $"{rejected.Actor} rejected the gate of wave {name}{Because(rejected.Comment)}");
                break;
        }
    }

    private void Given(int index, string kind, string what, string actor, string comment)
    {
        _approvals.Remove(Key(index, kind));
        var name = _state.Waves[index].Spec.Name;
        var verb = kind == "program" ? $"decided {what} wave {name}" : $"approved {what} of wave {name}";
        Tell(NoticeTopic.ApprovalGiven, name, $"{actor} {verb}{Because(comment)}");
    }

    // No event says that an approval is waited for: it follows from the state, by the rule that the campaign shows.
    private void ReadApprovals()
    {
        if (_state.Status != CampaignStatus.Running || _state.CurrentWave is not { } wave)
        {
            return;
        }

        var (kind, act) = wave switch
        {
            { AskingMoment: not null } => ("program", $"failback campaign retry {Name}"),
            { Status: WaveStatus.AtGate, NeedsApproval: true, RejectedBy: null } => ("gate", $"failback campaign approve {Name} {wave.Spec.Name}"),
            { Status: WaveStatus.Running, NeedsOutageApproval: true } when wave.Counts[ItemStatus.Synced] > 0 => ("outages", $"failback campaign approve {Name} {wave.Spec.Name}"),
            { Status: WaveStatus.Running } when wave.LeftOutInStep(0) > 0 => ("outages", $"failback campaign approve {Name} {wave.Spec.Name}"),
            { Status: WaveStatus.Running } when wave.LeftOutInStep(1) > 0 => ("way back", $"failback campaign approve {Name} {wave.Spec.Name} --way-back"),
            { Status: WaveStatus.Running, AwaitsWayBack: > 0 } when wave.NeedsApprovalOf(1) => ("way back", $"failback campaign approve {Name} {wave.Spec.Name} --way-back"),
            _ => ("", ""),
        };
        if (kind.Length > 0 && _approvals.Add(Key(wave.Index, kind)))
        {
            Tell(NoticeTopic.ApprovalWaiting, wave.Spec.Name, $"Wave {wave.Spec.Name} waits for {wave.WaitingFor}: {Counts(wave.Counts)}.", act);
        }
    }

    private void Tell(NoticeTopic topic, string subject, string text, string act = "")
        => _notices.Add(new Notice(topic, _state.Version, _time, Bounded(subject, LongestSubject), Bounded(SentenceText.Ended(text), LongestText), Bounded(act, LongestText)));

    // Hosts, guests and people wrote parts of it.
    private static string Bounded(string text, int longest)
    {
        if (text.Length > longest)
        {
            var end = char.IsHighSurrogate(text[longest - 2]) ? longest - 2 : longest - 1;
            text = text[..end] + "…";
        }

        var visible = VisibleText.Line(text);
        return visible.Length <= longest ? visible : visible[..(longest - 1)] + "…";
    }

    private static string Key(int wave, string kind) => string.Create(CultureInfo.InvariantCulture, $"{wave}/{kind}");

    private static string Because(string reason) => reason.Length == 0 ? "" : $": {reason}";

    private static string WordOf(PauseCause cause) => cause switch
    {
        PauseCause.Operator => "by a person",
        PauseCause.Tolerance => "too many failures",
        PauseCause.Gate => "gate rejected",
        PauseCause.Window => "window closed",
        _ => "agents reject this coordinator",
    };

    private static string Count(int count, string thing) => string.Create(CultureInfo.InvariantCulture, $"{count} {thing}{(count == 1 ? "" : "s")}");

    private static string Counts(ItemCounts counts)
    {
        var succeeded = counts[ItemStatus.Succeeded] + counts[ItemStatus.SucceededWithWarnings];
        var named = new (int Count, string Word)[]
        {
            (counts[ItemStatus.Synced], "in step"), (counts[ItemStatus.Held], "held"), (counts[ItemStatus.Failed], "failed"), (counts[ItemStatus.UnknownOutcome], "of unknown outcome"),
            (counts[ItemStatus.Cancelled], "cancelled"), (counts[ItemStatus.Skipped], "skipped"),
        };
        return string.Create(CultureInfo.InvariantCulture, $"{succeeded} of {counts.Total} succeeded")
            + string.Concat(named.Where(part => part.Count > 0).Select(part => string.Create(CultureInfo.InvariantCulture, $", {part.Count} {part.Word}")));
    }
}
