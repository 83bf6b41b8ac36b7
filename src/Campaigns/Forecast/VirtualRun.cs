using System.Globalization;
using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.Planning;
using HostAgent.Campaigns.Spec;
using HostAgent.Campaigns.States;

namespace HostAgent.Campaigns.Forecast;

/// <summary>
/// A campaign run by the real machine in virtual time: the clock jumps from one event to the next. Everything that needs an
/// answer gets one at once: approvers approve, every machine is ready, and a pause by the window is resumed.
/// </summary>
internal sealed class VirtualRun
{
    private const string Actor = "forecast";
    private const double LongestSeconds = 10 * 366 * 86_400d;

    private readonly CampaignMachine _machine = new();
    private readonly DateTimeOffset _start;
    private readonly VirtualAgents _agents;
    private readonly InFlightPeaks _peaks = new();
    private readonly Queue<CampaignInput> _answers = new();
    private DateTimeOffset _now;
    private DateTimeOffset? _wake;
    private TimeSpan _idle;
    private CampaignItem? _firstTimedOut;
    private int _timedOut;

    private VirtualRun(DateTimeOffset start, VirtualAgents agents)
    {
        _start = start;
        _now = start;
        _agents = agents;
    }

    /// <summary>Runs a campaign to its end, or until it would wait forever.</summary>
    public static RunResult Of(CampaignSpec spec, CampaignPlan plan, DateTimeOffset start, VirtualAgents agents, CancellationToken cancellationToken)
    {
        var run = new VirtualRun(start, agents);
        run.Handle(new CreateCampaign(Guid.Empty, spec with { Schedule = null }, plan, string.Empty, Actor));
        run.Handle(new StartCampaign(null, Actor));
        while (run.Step())
        {
            cancellationToken.ThrowIfCancellationRequested();
        }

        return run.Result();
    }

    private bool Step()
    {
        var state = _machine.State;
        if (state.Status.IsTerminal() || NeedsPerson(state))
        {
            return false;
        }

        var end = _agents.NextEnd;
        var wake = _wake is { } at ? (at - _start).TotalSeconds : double.PositiveInfinity;
        if (Math.Min(end, wake) > LongestSeconds)
        {
            return false;
        }

        if (wake <= end)
        {
            Pass(_wake!.Value);
            _wake = null;
            Handle(new TimerElapsed());
        }
        else
        {
            Pass(_start + TimeSpan.FromSeconds(end));
            var item = state.Items[_agents.End()];
            Handle(new AttemptSucceeded(item.Id, item.Attempt, WithWarnings: false, string.Empty));
        }

        return true;
    }

    /// <summary>A breach of the tolerance needs a person's decision; a forecast does not make it.</summary>
    private static bool NeedsPerson(CampaignState state)
        => state.Status == CampaignStatus.Paused && state.InFlight == 0 && state.PauseCause != PauseCause.Window;

    private void Pass(DateTimeOffset time)
    {
        time = time > _now ? time : _now;
        _idle += _machine.State.InFlight == 0 ? time - _now : TimeSpan.Zero;
        _now = time;
    }

    private void Handle(CampaignInput input)
    {
        Take(_machine.Handle(input, _now));
        while (_answers.TryDequeue(out var answer))
        {
            Take(_machine.Handle(answer, _now));
        }
    }

    private void Take(Outcome outcome)
    {
        if (outcome.Rejection is { } rejection)
        {
            throw new InvalidOperationException($"The machine rejected an input of the forecast: {rejection.Message}");
        }

        foreach (var campaignEvent in outcome.Events)
        {
            Note(campaignEvent);
        }

        foreach (var effect in outcome.Effects)
        {
            Execute(effect);
        }
    }

    private void Note(CampaignEvent campaignEvent)
    {
        var state = _machine.State;
        switch (campaignEvent)
        {
            case ItemStarting starting:
                _peaks.Note(state, state.FindItem(starting.Item)!);
                break;
            case ItemOutcomeUnknown unknown:
                _firstTimedOut ??= state.FindItem(unknown.Item);
                _timedOut++;
                break;
            case WaveReachedGate reached when state.Waves[reached.Wave].NeedsApproval:
                var wave = state.Waves[reached.Wave].Spec;
                _answers.Enqueue(new ApproveWave(wave.Name, wave.Gate!.Approvers[0], string.Empty));
                break;
            case WaveStarted started when state.Waves[started.Wave] is { NeedsOutageApproval: true } outages:
                var approval = new ApproveWave(outages.Spec.Name, outages.Outage!.Approvers.Count > 0 ? outages.Outage.Approvers[0] : Actor, string.Empty);
                _answers.Enqueue(approval);
                if (state.Spec!.PlannedDrill is not null)
                {
                    _answers.Enqueue(approval with { WayBack = true });
                }

                break;
            case CampaignPaused { Cause: PauseCause.Window, Automatic: false }:
                _answers.Enqueue(new ResumeCampaign(Actor, string.Empty));
                break;
            default:
                break;
        }
    }

    private void Execute(CampaignEffect effect)
    {
        switch (effect)
        {
            case StartOperation initiate:
                var item = _machine.State.FindItem(initiate.Item)!;
                _agents.Initiate(item.Index, item.Step, (_now - _start).TotalSeconds);
                break;
            case CheckReadiness check:
                _answers.Enqueue(new ReadinessChecked(check.Item, check.Revision, Ready: true, [], string.Empty));
                break;
            case RunWaveProgram program:
                _answers.Enqueue(new WaveProgramReported(program.Wave, program.Moment, program.Run, Succeeded: true, string.Empty));
                break;
            case WakeAt wake:
                _wake = wake.Time;
                break;
            case Ended or StopFollowing:
                break;
            default:
                throw new InvalidOperationException($"The effect {effect.GetType().Name} is not handled by forecasts.");
        }
    }

    private RunResult Result()
    {
        var state = _machine.State;
        var ended = state.Status.IsTerminal();
        return new RunResult
        {
            Duration = ended ? state.EndTime!.Value - _start : null,
            Stuck = ended ? string.Empty : WhyStuck(state),
            Waves = [.. state.Waves.Select(wave => (wave.StartTime - _start, wave.EndTime - _start))],
            Limits = _peaks.Of(state),
            AgentPeaks = _agents.Peaks,
            AgentsThatQueued = [.. Enumerable.Range(0, _agents.Peaks.Count).Where(_agents.HasQueued)],
            LinkWasFull = _agents.LinkWasFull,
            Idle = _idle,
            TimedOut = _timedOut,
        };
    }

    private string WhyStuck(CampaignState state)
    {
        if (!NeedsPerson(state))
        {
            return string.Create(CultureInfo.InvariantCulture, $"After ten years {state.Counts.Total - state.Counts.Terminal} items have not ended.");
        }

        var cause = _firstTimedOut is { Planned: var first }
            ? $" {first.VirtualMachineName} on {_firstTimedOut.Host.Name} is the first that takes longer than timeouts.item."
            : string.Empty;
        return $"{state.Explanation}{cause}";
    }
}
