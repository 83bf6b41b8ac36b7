using HostAgent.HyperV.Jobs;
using HostAgent.HyperV.Simulation.Plans;

namespace HostAgent.HyperV.Simulation.World;

/// <summary>
/// One job. Its progress is linear from the last change of its rate, so that reading changes nothing and a replay of the state file
/// produces the same numbers.
/// </summary>
internal sealed class Job
{
    private const double StopSeconds = 2;

    private double _ratePerTick;
    private JobRecord _record;

    // Where the line begins: the record's Done and BaseTicks, which move whenever any job of the host begins or ends.
    private double _done;
    private long _baseTicks;

    public Job(Guid id, JobType type, VirtualMachine machine, JobPlan plan, long now)
        : this(new JobRecord { Id = id, Type = type, MachineId = machine.Id, Plan = plan, BaseTicks = now, SubmittedTicks = now, StateChangedTicks = now }, machine)
    {
    }

    public Job(JobRecord record, VirtualMachine machine)
    {
        (_record, _done, _baseTicks) = (record, record.Done, record.BaseTicks);
        Machine = machine;
    }

    /// <summary>Everything about it that a summary of the host keeps.</summary>
    public JobRecord Record
    {
        get
        {
            if (_record.BaseTicks != _baseTicks || !_record.Done.Equals(_done))
            {
                _record = _record with { Done = _done, BaseTicks = _baseTicks };
            }

            return _record;
        }

        private set => (_record, _done, _baseTicks) = (value, value.Done, value.BaseTicks);
    }

    public VirtualMachine Machine { get; }

    public Guid Id => _record.Id;

    public JobType Type => _record.Type;

    /// <summary>Whether it is a scheduled event of the machine instead of a job; clients never see it.</summary>
    public bool IsOccurrence
    {
        get => _record.IsOccurrence;
        init => Record = Record with { IsOccurrence = value };
    }

    public string ClassName => Plan.JobClass is { } other ? "Msvm_" + other : HyperVClasses.ConcreteJob;

    public bool IsTerminal => _record.EndedTicks is not null;

    public bool EndsWell => Ending.JobState is JobState.Completed or JobState.CompletedWithWarnings;

    /// <summary>Whether it belongs to the replication service.</summary>
    public bool IsOfReplication => Type is >= JobType.ModifyReplicationServer and <= JobType.UpdateDiskSet;

    public bool IsFailback => Type == JobType.InitiateFailback;

    public JobEnding Ending => Plan.Ending;

    public MachineChange? AtStart => Plan.AtStart;

    public bool WorkIsDone => _record.Phase == Plan.Phases.Count;

    /// <summary>When the current phase is done at the current rate.</summary>
    public long DueTicks { get; private set; } = long.MaxValue;

    public PhaseKind? Phase => _record.Phase < Plan.Phases.Count ? Plan.Phases[_record.Phase].Kind : Plan.Phases.Count > 0 ? Plan.Phases[^1].Kind : null;

    public bool WantsSlot => IsFailback && !IsTerminal && !HasSlot && _record.Phase < Plan.Phases.Count && Plan.Phases[_record.Phase].Kind == PhaseKind.Start;

    public bool IsTransferring => !IsTerminal && _record.Phase < Plan.Phases.Count && Plan.Phases[_record.Phase].Kind == PhaseKind.Transfer;

    /// <summary>Whether it occupies one of the host's slots.</summary>
    public bool HasSlot => _record.HasSlot;

    public bool IsCancellable => !IsTerminal && Phase is not (PhaseKind.Merge or PhaseKind.Stop);

    public JobState State => IsTerminal ? Ending.JobState : Phase switch
    {
        PhaseKind.Submit => JobState.New,
        PhaseKind.Start => HasSlot || !IsFailback ? JobState.Starting : JobState.New,
        PhaseKind.Stop => JobState.ShuttingDown,
        _ => JobState.Running,
    };

    public ushort PercentAt(long now)
        => IsTerminal && EndsWell ? (ushort)100 : Plan.Percent.Show(TruePercentAt(now));

    public void TakeSlot(long now)
        => Record = Record with { HasSlot = true, StateChangedTicks = now };

    /// <summary>Moves the origin of the line to now; call before any change of rates.</summary>
    public void Settle(long now) => (_done, _baseTicks) = (DoneAt(now), now);

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

        var phase = Plan.Phases[_record.Phase];
        _ratePerTick = speed * (phase.Kind == PhaseKind.Transfer ? linkShare : phase.Rate) / TimeSpan.TicksPerSecond;

        // A ten-thousandth of a tick is a rounding error, not remaining work.
        var ticks = Math.Ceiling(((phase.Work - _done) / _ratePerTick) - 1e-4);
        DueTicks = phase.Work <= _done ? _baseTicks : ticks < TimeSpan.MaxValue.Ticks / 4 ? _baseTicks + (long)ticks : long.MaxValue;
    }

    /// <summary>Ends the current phase and enters the next.</summary>
    public void EnterNextPhase(long now)
    {
        var before = State;
        Record = Record with { Phase = _record.Phase + 1, Done = 0 };
        if (State != before)
        {
            Record = Record with { StateChangedTicks = now };
        }

        if (!IsTerminal && State == JobState.Running)
        {
            Record = Record with { StartedTicks = Record.StartedTicks ?? now };
        }
    }

    public void BeginStopping(long now)
    {
        var percent = TruePercentAt(now);
        Record = Record with
        {
            Plan = Plan with
            {
                Phases = [new JobPhase(PhaseKind.Stop, StopSeconds, 1, percent, percent)],
                Ending = new JobEnding(EndingKind.Ends) { JobState = JobState.Terminated, ReplicationState = Plan.StateAfterCancel, Change = Plan.AfterCancel },
            },
            Phase = 0,
            Done = 0,
            BaseTicks = now,
            StateChangedTicks = now,
        };
    }

    /// <summary>Changes how the job ends.</summary>
    public void EndOtherwise(JobEnding ending) => Record = Record with { Plan = Plan with { Ending = ending } };

    public void End(JobState state, long now, long removeAt)
    {
        Settle(now);
        if (Ending.JobState != state || Ending.Kind != EndingKind.Ends)
        {
            Record = Record with { Plan = Plan with { Ending = Ending with { Kind = EndingKind.Ends, JobState = state } } };
        }

        Record = Record with { EndedTicks = now, StateChangedTicks = now, RemoveAtTicks = removeAt, HasSlot = false };
        DueTicks = long.MaxValue;
        _ratePerTick = 0;
    }

    private JobPlan Plan => _record.Plan;

    private double DoneAt(long now)
        => _record.Phase < Plan.Phases.Count
            ? Math.Min(Plan.Phases[_record.Phase].Work, _done + (_ratePerTick * (now - _baseTicks)))
            : _done;

    private double TruePercentAt(long now)
        => _record.Phase < Plan.Phases.Count ? Plan.Phases[_record.Phase].PercentAt(DoneAt(now))
            : Plan.Phases.Count > 0 ? Plan.Phases[^1].To : 0;
}
