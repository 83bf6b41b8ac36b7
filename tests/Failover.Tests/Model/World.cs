using HostAgent.HyperV.Replication;

namespace HostAgent.Failover.Tests.Model;

/// <summary>The job that runs on a modelled machine.</summary>
internal enum Work
{
    None,

    /// <summary>The guest was asked to shut down.</summary>
    Shutdown,

    /// <summary>The final changes of a planned failover are on their way.</summary>
    Prepare,

    /// <summary>A first copy or a resynchronization runs.</summary>
    Copy,
}

/// <summary>
/// One host of the model with its copy of the machine. Content is the set of writes on its disks, a bit for each; times are counters, since
/// decisions only ever compare them for equality.
/// </summary>
internal sealed record ModelHost
{
    public bool Up { get; init; } = true;

    public ReplicationMode Mode { get; init; }

    public ReplicationState State { get; init; }

    public bool Running { get; init; }

    public bool Auto { get; init; }

    public int Content { get; init; }

    /// <summary>What lies below the failover's differencing disk: the content after a revert.</summary>
    public int Below { get; init; }

    /// <summary>Parts of two histories lie on these disks.</summary>
    public bool Mixed { get; init; }

    public Work Job { get; init; }

    public ReplicationType LastType { get; init; }

    public int LastReplication { get; init; }

    public ReplicationType FailedOver { get; init; }

    public int Starts { get; init; }

    public int Stops { get; init; }

    public StopCause StopCause { get; init; }

    /// <summary>The highest epoch that this host's agent has seen.</summary>
    public int Epoch { get; init; }

    public bool IsFailedOver => Mode == ReplicationMode.Replica && State is ReplicationState.Recovered or ReplicationState.Committed;

    public bool IsStartable => Mode switch
    {
        ReplicationMode.None => true,
        ReplicationMode.Primary => State != ReplicationState.SyncedReplicationComplete,
        _ => State is ReplicationState.Recovered or ReplicationState.Committed,
    };

    public ModelHost Stopped(StopCause cause) => this with { Running = false, Stops = Stops + 1, StopCause = cause, Job = Job == Work.Shutdown ? Work.None : Job };

    public override string ToString() => $"{(int)Mode}/{(int)State} {(Running ? "RUN" : "OFF")}{(Auto ? " auto" : "")}{(Job == Work.None ? "" : $" job={Job}")}{(Up ? "" : " down")} {{{Convert.ToString(Content, 2)}{(Mixed ? " mixed" : "")}}}";
}

/// <summary>A step on its way to an agent.</summary>
/// <param name="Step">The step.</param>
/// <param name="Epoch">The epoch of the coordinator that sent it.</param>
/// <param name="Fresh">Whether its ticket still holds.</param>
/// <param name="ByPerson">Whether a person's answer made it.</param>
internal sealed record Message(Step Step, int Epoch, bool Fresh, bool ByPerson);

/// <summary>How much may still happen to a modelled pair.</summary>
internal sealed record Budget
{
    public int Crashes { get; init; }

    public int ServiceRestarts { get; init; }

    public int Cuts { get; init; }

    public int TakeOvers { get; init; }

    public int Halves { get; init; }

    public int Hands { get; init; }

    public int Answers { get; init; }

    public int LateGuests { get; init; }

    public int Unhealthy { get; init; }

    public int Writes { get; init; }

    public bool Any => Crashes + ServiceRestarts + Cuts + TakeOvers + Halves + Hands + Answers + LateGuests + Unhealthy + Writes > 0;
}

/// <summary>The whole of the model: two hosts, the item, what is under way, and what only the checker knows.</summary>
internal sealed record World
{
    public required ModelHost Recovery { get; init; }

    public required ModelHost Home { get; init; }

    public bool Link { get; init; } = true;

    public FailoverRecords Records { get; init; } = new();

    public Goal Goal { get; init; }

    public int Epoch { get; init; }

    public Message? InFlight { get; init; }

    /// <summary>A message of a coordinator that was taken over from.</summary>
    public Message? Old { get; init; }

    /// <summary>The wait that has lasted too long; null while none has.</summary>
    public WaitReason? Waited { get; init; }

    /// <summary>Whether a guest that was asked to shut down and did not may still do so.</summary>
    public bool LateGuest { get; init; }

    /// <summary>The silent side of which a person has stated that it is off; null for none.</summary>
    public Side? StatedOff { get; init; }

    public Decision? Ended { get; init; }

    public required Budget Budget { get; init; }

    /// <summary>Writes that somebody was told are kept.</summary>
    public int Owed { get; init; }

    /// <summary>The writes that production had where it ran last: what a start must have, or a person must have given up.</summary>
    public int Line { get; init; }

    /// <summary>Writes that a person has given up, having been shown them.</summary>
    public int GivenUp { get; init; }

    /// <summary>The writes that the approver of the attachment was shown, and the run whose writes the approver of the discard was shown.</summary>
    public int AttachShown { get; init; }

    public int DiscardRun { get; init; } = -1;

    public int OutagesApproved { get; init; }

    public int Outages { get; init; }

    /// <summary>The stop at home that a person made, by its number.</summary>
    public int PersonStop { get; init; } = -1;

    public bool AbandonedSwitch { get; init; }

    public int Needed => Owed & ~GivenUp;

    public int Production => Line & ~GivenUp;

    public ModelHost At(Side side) => side == Side.Recovery ? Recovery : Home;

    public World With(Side side, ModelHost host) => side == Side.Recovery ? this with { Recovery = host } : this with { Home = host };

    /// <summary>What both agents would answer.</summary>
    public MachineFacts FactsOf(Side side)
    {
        var host = At(side);
        return host.Up
            ? new MachineFacts
            {
                Mode = host.Mode,
                State = host.State,
                Power = host.Running ? Power.Running : Power.Off,
                StartsByItself = host.Auto,
                LastType = host.LastType,
                LastReplication = Clock(host.LastReplication),
                FailedOverType = host.FailedOver,
                LastStart = Clock(host.Starts),
                LastStop = Clock(host.Stops),
                StopCause = host.StopCause,
                Job = host.Job == Work.None ? null : new JobFacts(100, Ours: true),
            }
            : StatedOff == side
                ? new MachineFacts { Reached = false, StatedOff = true, Mode = host.Mode, State = host.State, Power = Power.Off, FailedOverType = host.FailedOver, LastStart = Clock(host.Starts), LastStop = Clock(host.Stops) }
                : new MachineFacts { Reached = false };
    }

    public ulong Fingerprint()
    {
        var hash = new Mixer();
        Add(ref hash, Recovery);
        Add(ref hash, Home);
        hash.Add((Link ? 1 : 0) | ((int)Goal << 1) | (Epoch << 4) | ((int)(Waited ?? (WaitReason)31) << 8) | (LateGuest ? 1 << 16 : 0) | (AbandonedSwitch ? 1 << 17 : 0) | (Ended is null ? 0 : 1 << 18) | ((StatedOff is { } stated ? (int)stated + 1 : 0) << 20));
        hash.Add(Owed | (GivenUp << 6) | (AttachShown << 12) | (Line << 18));
        hash.Add((DiscardRun + 1) | (OutagesApproved << 6) | (Outages << 12) | ((PersonStop + 1) << 18));
        Add(ref hash, InFlight);
        Add(ref hash, Old);
        Add(ref hash, Records);
        hash.Add(Budget.Crashes | (Budget.ServiceRestarts << 3) | (Budget.Cuts << 6) | (Budget.TakeOvers << 9) | (Budget.Halves << 12) | (Budget.Hands << 15) | (Budget.Answers << 18)
            | (Budget.LateGuests << 21) | (Budget.Unhealthy << 24) | (Budget.Writes << 27));
        return hash.Value;
    }

    public override string ToString() => $"R {Recovery} | P {Home}{(Link ? "" : " link cut")}{(Goal == Goal.Home ? "" : $" goal={Goal}")}";

    public static DateTimeOffset Clock(int ticks) => DateTimeOffset.UnixEpoch.AddMinutes(ticks);

    private static void Add(ref Mixer hash, ModelHost host)
    {
        hash.Add((host.Up ? 1 : 0) | ((int)host.Mode << 1) | ((int)host.State << 4) | (host.Running ? 1 << 9 : 0) | (host.Auto ? 1 << 10 : 0) | (host.Content << 11) | (host.Below << 17)
            | (host.Mixed ? 1 << 23 : 0) | ((int)host.Job << 24) | ((int)host.LastType << 27));
        hash.Add((int)host.FailedOver | (host.LastReplication << 3) | (host.Starts << 9) | (host.Stops << 15) | ((int)host.StopCause << 21) | (host.Epoch << 24));
    }

    private static void Add(ref Mixer hash, Message? message)
        => hash.Add(message is null ? 0 : 1 | ((int)message.Step.Kind << 1) | ((int)message.Step.Side << 7) | (message.Epoch << 8) | (message.Fresh ? 1 << 12 : 0) | (message.ByPerson ? 1 << 13 : 0)
            | ((message.Step.Uses is { } uses ? (int)uses.Gate + 1 : 0) << 14));

    private static void Add(ref Mixer hash, FailoverRecords records)
    {
        hash.Add((records.ProductionAt is { } side ? (int)side + 1 : 0) | (records.Contested ? 4 : 0) | ((records.FailedStep is { } failed ? 1 | ((int)failed.Kind << 1) | ((int)failed.Side << 7) : 0) << 3)
            | (records.Failures << 12) | ((records.Prepare?.Attempts ?? 0) << 16) | (records.Shutdown is { } shutdown ? 1 << 20 | (shutdown.Abandoned ? 1 << 21 : 0) | (shutdown.ArmedUntil == DateTimeOffset.MinValue ? 1 << 22 : 0) : 0));
        hash.Add(Ticks(records.Shutdown?.Run) | (Ticks(records.Prepare?.HomeLastReplication) << 8) | (Ticks(records.Verification?.Run) << 16) | (records.Verification is { Healthy: true } ? 1 << 24 : 0) | (records.HomeStart is null ? 0 : 1 << 25) | (records.Verification is { Waived: true } ? 1 << 26 : 0));
        hash.Add(Ticks(records.HomeStart?.RunBefore) | (Ticks(records.Prepare?.RecoveryRun) << 8) | ((records.CopyUnfinishedAt is { } target ? (int)target + 1 : 0) << 16));
        foreach (var approval in records.Approvals)
        {
            hash.Add(0x5000 | (int)approval.Gate);
            Add(ref hash, approval.Evidence);
        }

        if (records.Order is { } order)
        {
            hash.Add(0x6000 | (int)order.Verb);
            Add(ref hash, order.Evidence);
        }
    }

    private static void Add(ref Mixer hash, Evidence evidence)
    {
        hash.Add((int)evidence.Goal | (Ticks(evidence.RecoveryStart) << 4) | (Ticks(evidence.RecoveryStop) << 11) | (Ticks(evidence.HomeStart) << 18) | (Ticks(evidence.HomeStop) << 25));
        hash.Add(evidence.Pair);
    }

    private static int Ticks(DateTimeOffset? time) => time is { } known ? (int)(known - DateTimeOffset.UnixEpoch).TotalMinutes + 1 : 0;

    private struct Mixer
    {
        private ulong _value;

        public readonly ulong Value => _value;

        public void Add(int value)
        {
            // The finalizer of splitmix64: two states in a few million collide with a chance of one in a million.
            var mixed = (_value ^ (uint)value) + 0x9E3779B97F4A7C15UL;
            mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9UL;
            mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBUL;
            _value = mixed ^ (mixed >> 31);
        }
    }
}
