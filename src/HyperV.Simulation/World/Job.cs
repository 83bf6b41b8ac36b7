using HostAgent.HyperV.Jobs;
using HostAgent.HyperV.Simulation.Engine;

namespace HostAgent.HyperV.Simulation.World;

/// <summary>
/// One job. Its progress is linear from the last change of its rate, so that reading changes nothing and a replay of the state file
/// produces the same numbers.
/// </summary>
internal sealed class Job
{
    private const double StopSeconds = 2;

    private JobPlan _plan;
    private int _phase;
    private double _done;
    private double _ratePerTick;
    private long _baseTicks;

    public Job(Guid id, JobType type, VirtualMachine machine, JobPlan plan, long now)
    {
        Id = id;
        Type = type;
        Machine = machine;
        _plan = plan;
        _baseTicks = now;
        SubmittedTicks = now;
        StateChangedTicks = now;
    }

    public Job(JobSummary summary, VirtualMachine machine)
        : this(summary.Id, summary.Type, machine, summary.Plan, summary.SubmittedTicks)
    {
        IsOccurrence = summary.IsOccurrence;
        _phase = summary.Phase;
        _done = summary.Done;
        _baseTicks = summary.BaseTicks;
        StartedTicks = summary.StartedTicks;
        EndedTicks = summary.EndedTicks;
        StateChangedTicks = summary.StateChangedTicks;
        RemoveAtTicks = summary.RemoveAtTicks;
        HasSlot = summary.HasSlot;
    }

    public Guid Id { get; }

    public JobType Type { get; }

    public VirtualMachine Machine { get; }

    public string ClassName => _plan.JobClass is { } other ? "Msvm_" + other : HyperVClasses.ConcreteJob;

    public long SubmittedTicks { get; }

    public long? StartedTicks { get; private set; }

    public long? EndedTicks { get; private set; }

    public long StateChangedTicks { get; private set; }

    /// <summary>When its record is removed; meaningful only once it is terminal.</summary>
    public long RemoveAtTicks { get; private set; }

    /// <summary>Whether it is a scheduled event of the machine instead of a job; clients never see it.</summary>
    public bool IsOccurrence { get; init; }

    public bool HasSlot { get; private set; }

    public bool IsTerminal => EndedTicks is not null;

    public bool EndsWell => Ending.JobState is JobState.Completed or JobState.CompletedWithWarnings;

    /// <summary>Whether it belongs to the replication service.</summary>
    public bool IsOfReplication => Type is >= JobType.ModifyReplicationServer and <= JobType.UpdateDiskSet;

    public bool IsFailback => Type == JobType.InitiateFailback;

    public JobEnding Ending => _plan.Ending;

    public MachineChange? AtStart => _plan.AtStart;

    public bool WorkIsDone => _phase == _plan.Phases.Count;

    /// <summary>When the current phase is done at the current rate.</summary>
    public long DueTicks { get; private set; } = long.MaxValue;

    public PhaseKind? Phase => _phase < _plan.Phases.Count ? _plan.Phases[_phase].Kind : _plan.Phases.Count > 0 ? _plan.Phases[^1].Kind : null;

    public bool WantsSlot => IsFailback && !IsTerminal && !HasSlot && _phase < _plan.Phases.Count && _plan.Phases[_phase].Kind == PhaseKind.Start;

    public bool IsTransferring => !IsTerminal && _phase < _plan.Phases.Count && _plan.Phases[_phase].Kind == PhaseKind.Transfer;

    public bool IsCancellable => !IsTerminal && Phase is not (PhaseKind.Merge or PhaseKind.Stop);

    public JobState State => IsTerminal ? Ending.JobState : Phase switch
    {
        PhaseKind.Submit => JobState.New,
        PhaseKind.Start => HasSlot || !IsFailback ? JobState.Starting : JobState.New,
        PhaseKind.Stop => JobState.ShuttingDown,
        _ => JobState.Running,
    };

    public JobSummary Summarize() => new()
    {
        Id = Id,
        Type = Type,
        MachineId = Machine.Id,
        Plan = _plan,
        IsOccurrence = IsOccurrence,
        Phase = _phase,
        Done = _done,
        BaseTicks = _baseTicks,
        SubmittedTicks = SubmittedTicks,
        StartedTicks = StartedTicks,
        EndedTicks = EndedTicks,
        StateChangedTicks = StateChangedTicks,
        RemoveAtTicks = RemoveAtTicks,
        HasSlot = HasSlot,
    };

    public ushort PercentAt(long now)
        => IsTerminal && EndsWell ? (ushort)100 : _plan.Percent.Show(TruePercentAt(now));

    public void TakeSlot(long now)
    {
        HasSlot = true;
        StateChangedTicks = now;
    }

    /// <summary>Moves the origin of the line to now; call before any change of rates.</summary>
    public void Settle(long now)
    {
        _done = DoneAt(now);
        _baseTicks = now;
    }

    /// <summary>Sets the rate.</summary>
    /// <param name="speed">How many times faster than real time the host works.</param>
    /// <param name="linkShare">The job's share of the link, in bytes per second of host time.</param>
    public void SetRate(double speed, double linkShare)
    {
        if (IsTerminal || WorkIsDone || WantsSlot)
        {
            _ratePerTick = 0;
            DueTicks = long.MaxValue;
            return;
        }

        var phase = _plan.Phases[_phase];
        _ratePerTick = speed * (phase.Kind == PhaseKind.Transfer ? linkShare : phase.Rate) / TimeSpan.TicksPerSecond;

        // A ten-thousandth of a tick is a rounding error, not remaining work.
        var ticks = Math.Ceiling(((phase.Work - _done) / _ratePerTick) - 1e-4);
        DueTicks = phase.Work <= _done ? _baseTicks : ticks < TimeSpan.MaxValue.Ticks / 4 ? _baseTicks + (long)ticks : long.MaxValue;
    }

    /// <summary>Ends the current phase and enters the next.</summary>
    public void EnterNextPhase(long now)
    {
        var before = State;
        _phase++;
        _done = 0;
        if (State != before)
        {
            StateChangedTicks = now;
        }

        if (!IsTerminal && State == JobState.Running)
        {
            StartedTicks ??= now;
        }
    }

    public void BeginStopping(long now)
    {
        var percent = TruePercentAt(now);
        _plan = _plan with
        {
            Phases = [new JobPhase(PhaseKind.Stop, StopSeconds, 1, percent, percent)],
            Ending = new JobEnding(EndingKind.Ends) { JobState = JobState.Terminated, ReplicationState = _plan.StateAfterCancel, Change = _plan.AfterCancel },
        };
        _phase = 0;
        _done = 0;
        _baseTicks = now;
        StateChangedTicks = now;
    }

    public void End(JobState state, long now, long removeAt)
    {
        Settle(now);
        if (Ending.JobState != state || Ending.Kind != EndingKind.Ends)
        {
            _plan = _plan with { Ending = Ending with { Kind = EndingKind.Ends, JobState = state } };
        }

        EndedTicks = now;
        StateChangedTicks = now;
        RemoveAtTicks = removeAt;
        HasSlot = false;
        DueTicks = long.MaxValue;
        _ratePerTick = 0;
    }

    private double DoneAt(long now)
        => _phase < _plan.Phases.Count
            ? Math.Min(_plan.Phases[_phase].Work, _done + (_ratePerTick * (now - _baseTicks)))
            : _done;

    private double TruePercentAt(long now)
        => _phase < _plan.Phases.Count ? _plan.Phases[_phase].PercentAt(DoneAt(now))
            : _plan.Phases.Count > 0 ? _plan.Phases[^1].To : 0;
}
