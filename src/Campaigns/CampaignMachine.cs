using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.Rules;
using HostAgent.Campaigns.States;

namespace HostAgent.Campaigns;

/// <summary>
/// A campaign's decisions: <c>(state, input, now) → (events, effects)</c>, without a clock, randomness or I/O of its own. The caller
/// stores the events before it carries out the effects; when storing fails it throws the machine away and replays. One input costs
/// O(log items) and the number of its events. Not safe for several threads at once.
/// </summary>
public sealed class CampaignMachine
{
    private static readonly Outcome Nothing = new([], [], null);

    private readonly ProgressWatch _progress = new();
    private readonly Preflight _preflight = new();
    private WindowSchedule? _window;
    private DateTimeOffset? _announcedWake;

    /// <summary>What every item passes before it starts; null lets all pass. Not part of the state: what it says becomes an event.</summary>
    public IMachineGate? Gate { get; set; }

    /// <summary>The campaign as it stands.</summary>
    public CampaignState State { get; } = new();

    /// <summary>Rebuilds a machine from its stored events. <see cref="Resume"/> follows.</summary>
    /// <param name="events">All of them, in order.</param>
    /// <returns>The machine.</returns>
    public static CampaignMachine Replay(IEnumerable<CampaignEvent> events)
    {
        ArgumentNullException.ThrowIfNull(events);
        var machine = new CampaignMachine();
        foreach (var campaignEvent in events)
        {
            machine.Apply(campaignEvent);
        }

        return machine;
    }

    /// <summary>Rebuilds a machine from a snapshot and what was stored after it. <see cref="Resume"/> follows.</summary>
    /// <param name="snapshot">What <see cref="CampaignSnapshot.Write"/> gave.</param>
    /// <param name="events">The events after those that the snapshot is made of, in order: from its <see cref="CampaignState.Version"/> on.</param>
    /// <returns>The machine; the same as from all events.</returns>
    /// <exception cref="System.Text.Json.JsonException">The snapshot cannot be read, or is of another format: replay the log from its beginning.</exception>
    public static CampaignMachine Replay(ReadOnlySpan<byte> snapshot, IEnumerable<CampaignEvent> events)
    {
        ArgumentNullException.ThrowIfNull(events);
        var machine = new CampaignMachine();
        CampaignSnapshot.Read(snapshot, machine.State);
        foreach (var campaignEvent in events)
        {
            machine.Apply(campaignEvent);
        }

        return machine;
    }

    /// <summary>Folds one stored event into the state.</summary>
    /// <param name="campaignEvent">The event.</param>
    /// <exception cref="InvalidOperationException">The event does not fit what came before: the log is not this campaign's.</exception>
    public void Apply(CampaignEvent campaignEvent)
    {
        ArgumentNullException.ThrowIfNull(campaignEvent);
        State.Apply(campaignEvent);
    }

    /// <summary>Decides what follows from an input, and applies its own events.</summary>
    /// <param name="input">The input. The first one is <see cref="CreateCampaign"/>.</param>
    /// <param name="now">The time, by the caller's clock.</param>
    /// <returns>The events to store and then the effects to carry out; nothing for what is known already.</returns>
    /// <exception cref="InvalidOperationException">The campaign has not been created, or is created again.</exception>
    public Outcome Handle(CampaignInput input, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (State.Spec is null && input is not CreateCampaign)
        {
            throw new InvalidOperationException($"The first input of a campaign is {nameof(CreateCampaign)}, not {input.GetType().Name}.");
        }

        int? former = null;
        if (input is AttemptProgressed progressed && Current(progressed) is { Phase: AttemptPhase.Running } running)
        {
            former = _progress.Seen(running, progressed.Percent, now);
            if (former is null && running is { Host.IsLost: false, IsStalled: false })
            {
                // The common case by far, and it decides nothing.
                return Nothing;
            }
        }

        if (input is TimerElapsed)
        {
            // The caller's timer is spent, even when it went off a little early.
            _announcedWake = null;
        }

        var decision = new Decision(State, now, Gate);
        if (former is { } before && input is AttemptProgressed back)
        {
            decision.Emit(new ItemProgressWentBack(back.Item, before, back.Percent!.Value));
        }

        Dispatch(decision, input);
        var outcome = decision.Rejection is null ? Finish(decision, elapse: true) : decision.ToOutcome();
        if (input is AttemptProgressed begun && Current(begun) is { Phase: AttemptPhase.Running } item)
        {
            // What said that it runs may have said how far, too.
            _progress.Seen(item, begun.Percent, now);
        }

        return outcome;
    }

    /// <summary>
    /// Takes the campaign over after a replay: a new epoch, and the effects that still matter. What is overdue is not
    /// decided yet: the agents are asked first, and <see cref="WakeAt"/> says when to go on.
    /// </summary>
    /// <param name="now">The time, by the caller's clock.</param>
    /// <returns>The events to store and then the effects to carry out.</returns>
    /// <exception cref="InvalidOperationException">The campaign has not been created.</exception>
    public Outcome Resume(DateTimeOffset now)
    {
        if (State.Spec is null)
        {
            throw new InvalidOperationException("There is no campaign to resume: its log is empty.");
        }

        var decision = new Decision(State, now, Gate);
        _announcedWake = null;
        if (State.Status is CampaignStatus.Running or CampaignStatus.Paused or CampaignStatus.Stopping)
        {
            decision.Emit(new EpochAdvanced(State.Epoch + 1));
            Reattach(decision);
        }
        else if (State.Status is CampaignStatus.Ready or CampaignStatus.Scheduled && State.Spec.Readiness.Required)
        {
            _preflight.Begin(decision, onlyUnknown: true);
        }

        return Finish(decision, elapse: false);
    }

    private void Reattach(Decision decision)
    {
        foreach (var item in State.InFlightItems.Select(index => State.Items[index]))
        {
            if (item.Phase == AttemptPhase.Running)
            {
                _progress.Begin(item, decision.Now, decision.Spec.Timeouts.NoProgress);
            }

            // What waits for its next delivery or look has a timer.
            if (item.NextTime is null)
            {
                AgentEffects.Repeat(decision, item);
            }
        }

        foreach (var item in State.Hosts.SelectMany(host => host.UnsettledItems).Select(index => State.Items[index]))
        {
            decision.Do(AgentEffects.Watch(item));
            if (item.RecheckRequested)
            {
                decision.Do(AgentEffects.Recheck(item));
            }
        }
    }

    private void Dispatch(Decision decision, CampaignInput input)
    {
        switch (input)
        {
            case CreateCampaign command:
                CampaignCommands.Create(decision, command);
                CheckAhead(decision);
                break;
            case ReviseCampaign command:
                CampaignCommands.Revise(decision, command);
                CheckAhead(decision);
                break;
            case PreflightCampaign:
                CampaignCommands.Preflight(decision, _preflight);
                break;
            case StartCampaign command:
                CampaignCommands.Start(decision, command);
                break;
            case PauseCampaign command:
                CampaignCommands.Pause(decision, command);
                break;
            case ResumeCampaign command:
                CampaignCommands.Resume(decision, command, Window?.IsOpen(decision.Now) ?? true);
                break;
            case StopCampaign command:
                CampaignCommands.Stop(decision, command);
                break;
            case ApproveWave command:
                GateCommands.Approve(decision, command);
                break;
            case RejectWave command:
                GateCommands.Reject(decision, command);
                break;
            case RetryItems command:
                RetryCommand.Handle(decision, command);
                break;
            case CancelItem command:
                ItemCommands.Cancel(decision, command);
                break;
            case SkipItem command:
                ItemCommands.Skip(decision, command);
                break;
            case ResolveItem command:
                ItemCommands.Resolve(decision, command);
                break;
            case RecheckItem command:
                ItemCommands.Recheck(decision, command);
                break;
            case HostUnreachable report when State.FindHost(report.Host) is { } host:
                HostReports.Lost(decision, host, report.Explanation);
                break;
            case HostReachable report when State.FindHost(report.Host) is { } host:
                HostReports.Found(decision, host);
                break;
            case ReadinessChecked report when State.FindItem(report.Item) is { } item:
                Readiness.Checked(decision, item, report);
                _preflight.Answered(decision, item.Host);
                break;
            case ReplicationStateChanged report when State.FindItem(report.Item) is { } item:
                Readiness.StateChanged(decision, item, report.ReplicationState);
                break;
            case ItemReport report:
                Report(decision, report);
                break;
            default:
                // The time is looked at after every input; a host without items is none of the campaign's business.
                break;
        }
    }

    /// <summary>A document that requires readiness has it looked at as soon as there is a plan, and anew with each edit.</summary>
    private void CheckAhead(Decision decision)
    {
        if (decision.Rejection is null && decision.Spec.Readiness.Required)
        {
            _preflight.Begin(decision, onlyUnknown: false);
        }
    }

    private void Report(Decision decision, ItemReport report)
    {
        if (Current(report) is not { } item)
        {
            return;
        }

        if (item.Phase is not (AttemptPhase.None or AttemptPhase.Checking))
        {
            AttemptReports.Handle(decision, item, report);
        }
        else if (item.Status == ItemStatus.UnknownOutcome)
        {
            LateReports.Handle(decision, item, report);
        }

        if (report is not (AttemptUndelivered or AttemptFenced))
        {
            HostReports.Found(decision, item.Host);
        }
    }

    private CampaignItem? Current(ItemReport report)
        => State.FindItem(report.Item) is { } item && item.Attempt == report.Attempt ? item : null;

    private Outcome Finish(Decision decision, bool elapse)
    {
        if (elapse && !State.Status.IsTerminal())
        {
            Timers.Elapse(decision);
            _progress.Elapse(decision);
        }

        Progression.Advance(decision, Window);
        foreach (var running in decision.Events.OfType<ItemRunning>())
        {
            _progress.Begin(State.FindItem(running.Item)!, decision.Now, decision.Spec.Timeouts.NoProgress);
        }

        if (NextWake(decision.Now) is { } wake && wake != _announcedWake)
        {
            _announcedWake = wake;
            decision.Do(new WakeAt(wake));
        }

        return decision.ToOutcome();
    }

    private WindowSchedule? Window
    {
        get
        {
            if (!ReferenceEquals(_window?.Spec, State.Spec?.Window))
            {
                _window = State.Spec?.Window is { } spec ? new WindowSchedule(spec) : null;
            }

            return _window;
        }
    }

    private DateTimeOffset? NextWake(DateTimeOffset now)
    {
        if (State.Status.IsTerminal())
        {
            return null;
        }

        DateTimeOffset? next = State.Timers.Count > 0 ? State.Timers.Min.Due : null;
        if (_progress.NextDue is { } progress && (next is null || progress < next))
        {
            next = progress;
        }

        if (State.Status is CampaignStatus.Running or CampaignStatus.Paused && Window?.NextChange(now) is { } change && (next is null || change < next))
        {
            next = change;
        }

        return next;
    }
}
