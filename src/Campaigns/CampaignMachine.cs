using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.Planning;
using HostAgent.Campaigns.Rules;
using HostAgent.Campaigns.States;

namespace HostAgent.Campaigns;

/// <summary>
/// A campaign's decisions: <c>(state, input, now) → (events, effects)</c>, with no clock, randomness or I/O of its own. The caller
/// stores the events before it carries out the effects. If storing fails, it discards the machine and replays. One input costs
/// O(log items) plus the number of its events. Not thread-safe.
/// </summary>
public sealed partial class CampaignMachine
{
    private static readonly Outcome Nothing = new([], [], null);

    private readonly ProgressWatch _progress = new();
    private readonly Preflight _preflight = new();
    private CampaignWindows? _windows;
    private DateTimeOffset? _announcedWake;

    /// <summary>Checked before each item starts; null allows all. Not part of the state: its answer becomes an event.</summary>
    public IMachineGate? Gate { get; set; }

    /// <summary>The campaign's current state.</summary>
    public CampaignState State { get; } = new();

    /// <summary>Rebuilds a machine from its stored events. Call <see cref="Resume"/> next.</summary>
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

    /// <summary>Rebuilds a machine from a snapshot and the events stored after it. Call <see cref="Resume"/> next.</summary>
    /// <param name="snapshot">The result of <see cref="CampaignSnapshot.Write(CampaignState, System.Buffers.IBufferWriter{byte})"/>.</param>
    /// <param name="events">The events that follow the snapshot, in order, starting at its <see cref="CampaignState.Version"/>.</param>
    /// <returns>The machine, identical to one replayed from all events.</returns>
    /// <exception cref="System.Text.Json.JsonException">The snapshot is unreadable or has another format: replay the log from the start.</exception>
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
    /// <exception cref="InvalidOperationException">The event does not fit the previous ones: the log belongs to another campaign.</exception>
    public void Apply(CampaignEvent campaignEvent)
    {
        ArgumentNullException.ThrowIfNull(campaignEvent);
        State.Apply(campaignEvent);
    }

    /// <summary>Decides what follows from an input, and applies the resulting events.</summary>
    /// <param name="input">The input. The first one is <see cref="CreateCampaign"/>.</param>
    /// <param name="now">The time, by the caller's clock.</param>
    /// <returns>The events to store, then the effects to carry out; empty when the input brings nothing new.</returns>
    /// <exception cref="InvalidOperationException">The campaign has not been created, or is created a second time.</exception>
    public Outcome Handle(CampaignInput input, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (State.Spec is null && input is not CreateCampaign)
        {
            throw new InvalidOperationException($"The first input of a campaign is {nameof(CreateCampaign)}, not {input.GetType().Name}.");
        }

        int? previous = null;
        if (input is AttemptProgressed progressed && Current(progressed) is { Phase: AttemptPhase.Running } running)
        {
            previous = _progress.Record(running, progressed.Percent, now);
            if (previous is null && running is { Host.IsLost: false, IsStalled: false })
            {
                // By far the most common input; it decides nothing.
                return Nothing;
            }
        }

        if (input is TimerElapsed)
        {
            // The caller's timer is used up, even when it fired slightly early.
            _announcedWake = null;
        }

        var decision = new Decision(State, now, Gate);
        if (previous is { } before && input is AttemptProgressed back)
        {
            decision.Emit(new ItemProgressWentBack(back.Item, before, back.Percent!.Value));
        }

        Dispatch(decision, input);
        var outcome = decision.Rejection is null ? Finish(decision, elapse: true) : decision.ToOutcome();
        if (input is AttemptProgressed begun && Current(begun) is { Phase: AttemptPhase.Running } item)
        {
            // The report that the host runs it may also carry a percentage.
            _progress.Record(item, begun.Percent, now);
        }

        return outcome;
    }

    /// <summary>
    /// Takes over the campaign after a replay: a new epoch, and the effects that still matter. Overdue timers are not decided
    /// yet: the agents are asked first, and <see cref="WakeAt"/> says when to continue.
    /// </summary>
    /// <param name="now">The time, by the caller's clock.</param>
    /// <returns>The events to store, then the effects to carry out.</returns>
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
            WavePrograms.Lose(decision);
            Reattach(decision);
        }
        else if (State.Spec.Schedule is not null)
        {
            ScheduledRuns.Repeat(decision);
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

            // Items that wait for their next delivery or recheck have a timer.
            if (item.NextTime is null)
            {
                AgentEffects.Repeat(decision, item);
            }
        }

        HeldItems.Repeat(decision);
        foreach (var item in State.Hosts.SelectMany(host => host.UnsettledItems).Select(index => State.Items[index]))
        {
            decision.Do(AgentEffects.Watch(item));
            if (item.RecheckRequested)
            {
                decision.Do(AgentEffects.Recheck(item));
            }
        }
    }

    private Outcome Finish(Decision decision, bool elapse)
    {
        if (elapse && !State.Status.IsTerminal())
        {
            Timers.Elapse(decision);
            _progress.Elapse(decision);
        }

        Progression.Advance(decision, Windows);
        for (var index = 0; index < decision.Events.Count; index++)
        {
            if (decision.Events[index] is ItemRunning running)
            {
                _progress.Begin(State.FindItem(running.Item)!, decision.Now, decision.Spec.Timeouts.NoProgress);
            }
        }

        if (NextWake(decision.Now) is { } wake && wake != _announcedWake)
        {
            _announcedWake = wake;
            decision.Do(new WakeAt(wake));
        }

        return decision.ToOutcome();
    }

    private CampaignWindows? Windows
    {
        get
        {
            if (!ReferenceEquals(_windows?.Spec, State.Spec))
            {
                _windows = State.Spec is { } spec ? new CampaignWindows(spec) : null;
            }

            return _windows;
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

        if (State.Status is CampaignStatus.Running or CampaignStatus.Paused && Windows?.NextChange(now) is { } change && (next is null || change < next))
        {
            next = change;
        }

        return next;
    }
}
