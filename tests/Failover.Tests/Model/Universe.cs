using HostAgent.HyperV.Replication;
using static HostAgent.HyperV.Replication.ReplicationState;

namespace HostAgent.Failover.Tests.Model;

/// <summary>The function under test: of a world, the next decision.</summary>
internal delegate Decision Decide(MachineFacts recovery, MachineFacts home, FailoverRecords records, Goal goal, DateTimeOffset now);

/// <summary>What the model assumes of agents, coordinators and hosts around the function. Each of the first four is a rule that can be taken out.</summary>
internal sealed record Assumptions
{
    /// <summary>A late step that starts or moves production is not run.</summary>
    public bool TicketsExpire { get; init; } = true;

    /// <summary>A coordinator that takes over shuts the old one out at both agents before it decides.</summary>
    public bool EpochBarrier { get; init; } = true;

    /// <summary>A host that returns starts a machine only when production was there and the other side answers, does not run and could not be started.</summary>
    public bool BootGuard { get; init; } = true;

    /// <summary>An approval is used up by the step that it was given for.</summary>
    public bool ApprovalsAreUsedUp { get; init; } = true;

    /// <summary>A primary that was prepared may come back from a crash of its host as one that must be resynchronized.</summary>
    public bool PreparedMayBeLost { get; init; } = true;

    /// <summary>A resynchronization is accepted although the other side is failed over.</summary>
    public bool ResynchronizesOverFailover { get; init; }
}

/// <summary>One thing that can happen, and the world after it.</summary>
/// <param name="Label">What happened.</param>
/// <param name="Next">The world after it.</param>
/// <param name="Violation">The class of the rule that it breaks; null when it breaks none.</param>
internal readonly record struct Move(string Label, World Next, string? Violation = null);

/// <summary>Everything that can happen to a pair of hosts, an item and its coordinators.</summary>
internal sealed class Universe(Decide decide, Assumptions assumptions)
{
    private static readonly DateTimeOffset Now = World.Clock(0);
    private static readonly DateTimeOffset Armed = World.Clock(60);

    public Decision DecisionOf(World world)
    {
        var decision = Decided(world, world.Records);
        return !assumptions.ApprovalsAreUsedUp && decision is Wait { Needs: { } needs } && world.Records.Approvals.Any(held => held.Gate == needs.Gate)
            ? Decided(world, world.Records.Approved(needs))
            : decision;
    }

    /// <summary>Everything that can happen next. Without <paramref name="faults"/> only what happens by itself, and every gate is approved.</summary>
    public List<Move> Moves(World world, bool faults = true)
    {
        var moves = new List<Move>(24);
        if (world.Ended is not null)
        {
            return moves;
        }

        Coordinate(world, moves, faults);
        if (world.InFlight is { } message)
        {
            Deliver(world with { InFlight = null }, message, moves, faults ? world.Budget.Halves : 0);
        }

        if (world.Old is { } old)
        {
            Deliver(world with { Old = null }, old, moves, 0);
        }

        foreach (var side in (ReadOnlySpan<Side>)[Side.Recovery, Side.Home])
        {
            Progress(world, side, moves);
            if (faults)
            {
                Faults(world, side, moves);
            }
        }

        if (!world.Link)
        {
            moves.Add(new Move("link restored", Changed(world) with { Link = true }));
        }

        if (faults)
        {
            Hands(world, moves);
        }

        return moves;
    }

    private Decision Decided(World world, FailoverRecords records) => decide(
        world.FactsOf(Side.Recovery),
        world.FactsOf(Side.Home),
        world.Waited is { } waited ? records with { Waiting = waited, WaitingSince = DateTimeOffset.MinValue } : records,
        world.Goal,
        Now);

    private static World Changed(World world) => world with { Waited = null };

    // Slower than a ticket lives: a person at a console, a host that boots.
    private static World Slow(World world) => Changed(world) with
    {
        InFlight = world.InFlight is { } message ? message with { Fresh = false } : null,
        Old = world.Old is { } old ? old with { Fresh = false } : null,
    };

    private void Coordinate(World world, List<Move> moves, bool faults)
    {
        if (faults && world.Budget.TakeOvers > 0)
        {
            moves.Add(new Move("TAKE-OVER", Changed(world) with
            {
                Old = world.InFlight ?? world.Old,
                InFlight = null,
                Epoch = world.Epoch + 1,
                Budget = world.Budget with { TakeOvers = world.Budget.TakeOvers - 1 },
            }));
        }

        if (world.InFlight is not null)
        {
            return;
        }

        if (assumptions.EpochBarrier && ((world.Recovery.Up && world.Recovery.Epoch < world.Epoch) || (world.Home.Up && world.Home.Epoch < world.Epoch)))
        {
            moves.Add(new Move("advance epoch", world with
            {
                Recovery = world.Recovery.Up ? world.Recovery with { Epoch = world.Epoch } : world.Recovery,
                Home = world.Home.Up ? world.Home with { Epoch = world.Epoch } : world.Home,
            }));
            return;
        }

        if (world.Records.Seen(world.FactsOf(Side.Recovery), world.FactsOf(Side.Home)) is var read && read != world.Records)
        {
            moves.Add(new Move("read both", world with { Records = read }));
            return;
        }

        switch (DecisionOf(world))
        {
            case Step step:
                moves.Add(Begin(world, step));
                break;
            case Wait { Needs: { } needs }:
                moves.Add(new Move($"approve {needs.Gate}", Approve(world, needs)));
                break;
            case Wait { Why: WaitReason.ShutdownArmed }:
                moves.Add(new Move("time passes", world with { LateGuest = false, Records = world.Records with { Shutdown = world.Records.Shutdown! with { ArmedUntil = DateTimeOffset.MinValue } } }));
                break;
            case Wait wait when wait.Until is not null && world.Waited != wait.Why:
                moves.Add(new Move("time passes", world with { Waited = wait.Why }));
                break;
            case Done done:
                moves.Add(new Move($"{done}", world with { Ended = done }, done.Outcome != Outcome.HandedOver && !world.Recovery.Running && !world.Home.Running ? "DONE_NOTHING_RUNS" : null));
                break;
            case Ask ask when faults && world.Budget.Answers > 0:
                foreach (var choice in ask.Choices)
                {
                    if (Answer(world, choice) is { } answered)
                    {
                        moves.Add(new Move($"answer {choice.Verb} to {ask.Code}", answered));
                    }
                }

                break;
        }
    }

    private Move Begin(World world, Step step)
    {
        var byPerson = world.Records.Order is not null && !DecisionOf(world with { Records = world.Records with { Order = null } }).Equals(step);
        var outage = step is { Side: Side.Recovery, Kind: StepKind.ShutDownGuest or StepKind.PreparePlannedFailover, Uses.Gate: Gate.Outage };
        var next = world with
        {
            InFlight = new Message(step, world.Epoch, Fresh: true, byPerson),
            Records = world.Records.Intends(assumptions.ApprovalsAreUsedUp ? step : step with { Uses = null }, world.FactsOf(Side.Recovery), world.FactsOf(Side.Home), Armed),
            Outages = world.Outages + (outage || (step is { Kind: StepKind.ShutDownGuest, Side: Side.Recovery } && !byPerson && step.Uses is null) ? 1 : 0),
        };
        var violation = step switch
        {
            _ when next.Outages > next.OutagesApproved => "SECOND_OUTAGE_ON_ONE_APPROVAL",
            _ when world.StatedOff == step.Side => "STEP_FOR_A_HOST_THAT_IS_STATED_OFF",
            _ when byPerson => null,
            { Side: Side.Home, Kind: StepKind.StartMachine } when world.PersonStop == world.Home.Stops => "RESTARTS_WHAT_A_PERSON_STOPPED",
            _ when world.Goal != Goal.Back => step is { Kind: StepKind.PreparePlannedFailover } && world.AbandonedSwitch ? "GOES_FORWARD_AFTER_ABANDON" : null,
            { Side: Side.Home, Kind: StepKind.StartMachine or StepKind.FailOver or StepKind.ReverseReplication } or { Side: Side.Recovery, Kind: StepKind.ShutDownGuest or StepKind.PreparePlannedFailover } => "GOES_FORWARD_AFTER_ROLL_BACK",
            _ => null,
        };
        return new Move($"decide {step}", next, violation);
    }

    private static World Approve(World world, Approval needs) => world with
    {
        Records = world.Records.Approved(needs),
        AttachShown = needs.Gate == Gate.Attach ? world.Owed & ~world.Recovery.Content : world.AttachShown,
        DiscardRun = needs.Gate == Gate.Discard ? world.Home.Starts : world.DiscardRun,
        OutagesApproved = world.OutagesApproved + (needs.Gate == Gate.Outage ? 1 : 0),
        AbandonedSwitch = needs.Gate != Gate.Outage && world.AbandonedSwitch,
    };

    private static World? Answer(World world, Choice choice)
    {
        if (choice.Verb == Verb.StateOff)
        {
            // A true statement: the model has no other silence than a host without power.
            return Changed(world) with { StatedOff = world.Home.Up ? Side.Recovery : Side.Home, Budget = world.Budget with { Answers = world.Budget.Answers - 1 } };
        }

        if (choice.Verb == Verb.HandOver || (choice.Verb == Verb.Recheck && world.Records.FailedStep is null))
        {
            // Nothing more to see: the item ends, or the pair stays as it is.
            return null;
        }

        var (recovery, home) = (world.FactsOf(Side.Recovery), world.FactsOf(Side.Home));
        var evidence = choice.Verb == Verb.ApproveOutage ? FailoverDecision.OutageEvidenceOf(recovery, home, world.Goal) : FailoverDecision.EvidenceOf(recovery, home, world.Goal);
        return Changed(world) with
        {
            Budget = world.Budget with { Answers = world.Budget.Answers - 1 },
            Records = world.Records.Answered(new Order(choice.Verb, evidence)),
            Goal = choice.Verb switch { Verb.GoBack => Goal.Back, Verb.GoHome => Goal.Home, _ => world.Goal },
            OutagesApproved = world.OutagesApproved + (choice.Verb == Verb.ApproveOutage ? 1 : 0),
            AbandonedSwitch = choice.Verb != Verb.ApproveOutage && world.AbandonedSwitch,
            PersonStop = choice.Verb == Verb.StartHome ? -1 : world.PersonStop,
            GivenUp = world.GivenUp | choice.Loses switch
            {
                Loss.HomeWrites => world.Owed & ~world.Recovery.Content,
                Loss.RecoveryWrites => world.Owed & ~world.Home.Content,
                _ => 0,
            },
        };
    }

    private void Deliver(World world, Message message, List<Move> moves, int halves)
    {
        var (step, side) = (message.Step, message.Step.Side);
        var (host, other) = (world.At(side), side == Side.Recovery ? Side.Home : Side.Recovery);
        if (!host.Up)
        {
            moves.Add(new Move($"{step} lost: host down", Changed(world)));
        }
        else if (message.Epoch < host.Epoch)
        {
            moves.Add(new Move($"{step} refused: old epoch", Changed(world)));
        }
        else if (step.NeedsTicket && !message.Fresh && assumptions.TicketsExpire)
        {
            moves.Add(new Move($"{step} expired", Changed(world)));
        }
        else if (!Allowed(step, host))
        {
            moves.Add(new Move($"{step} refused: state changed", Changed(world)));
        }
        else
        {
            Effect(Changed(world), message, side, other, moves, halves);
        }
    }

    // What the agent checks on its own side immediately before the call.
    private static bool Allowed(Step step, ModelHost host) => step.Kind switch
    {
        StepKind.Fence or StepKind.Unfence => true,
        StepKind.ShutDownGuest or StepKind.VerifyGuest => host.Running,
        StepKind.BecomeReplica => !host.Running && host.Mode is ReplicationMode.Primary or ReplicationMode.None,
        StepKind.ReverseReplication => host.IsFailedOver && host.Job == Work.None,
        StepKind.StartReplication => host is { Mode: ReplicationMode.Primary, State: Ready },
        StepKind.Resynchronize => host is { Mode: ReplicationMode.Primary, State: WaitingForStartResynchronize or ResynchronizeSuspended or Critical },
        StepKind.PreparePlannedFailover => host is { Mode: ReplicationMode.Primary, State: Replicating, Running: false, Job: Work.None },
        StepKind.FailOver => host is { Mode: ReplicationMode.Replica, State: Replicating, Running: false },
        StepKind.StartMachine => host is { Running: false, IsStartable: true },
        StepKind.CancelPlannedFailover => host is { Mode: ReplicationMode.Primary, State: SyncedReplicationComplete },
        StepKind.RevertFailover => host is { Mode: ReplicationMode.Replica, State: Recovered, Running: false },
        _ => true,
    };

    private void Effect(World world, Message message, Side side, Side other, List<Move> moves, int halves)
    {
        var (step, host, peer) = (message.Step, world.At(side), world.At(other));
        void Succeeds(World next, string? violation = null) => moves.Add(new Move($"{step}", next with { Records = next.Records.Ended(step, succeeded: true, DateTimeOffset.MinValue) }, violation ?? Lost(next)));
        void Fails(World next) => moves.Add(new Move($"{step} fails", next with { Records = next.Records.Ended(step, succeeded: false, DateTimeOffset.MinValue) }, Lost(next)));

        switch (step.Kind)
        {
            case StepKind.Fence:
                Succeeds(world.With(side, host with { Auto = false }));
                break;
            case StepKind.Unfence:
                Succeeds(world.With(side, host with { Auto = true }));
                break;
            case StepKind.ShutDownGuest:
                Succeeds(world.With(side, host with { Job = Work.Shutdown }));
                break;
            case StepKind.VerifyGuest:
                Verified(world, healthy: true);
                if (world.Budget.Unhealthy > 0)
                {
                    Verified(world with { Budget = world.Budget with { Unhealthy = world.Budget.Unhealthy - 1 } }, healthy: false);
                }

                break;
            case StepKind.BecomeReplica:
                Succeeds(world.With(side, host with { Mode = ReplicationMode.Replica, State = WaitingToCompleteInitialReplication, FailedOver = ReplicationType.None, LastType = ReplicationType.None }) with
                {
                    GivenUp = world.GivenUp | (side == Side.Home && !message.ByPerson ? world.AttachShown : 0),
                });
                break;
            case StepKind.ReverseReplication:
                Reverse(world, step, side, other, Succeeds, Fails, moves, halves);
                break;
            case StepKind.StartReplication:
                if (peer is { Up: true, Mode: ReplicationMode.Replica, State: WaitingToCompleteInitialReplication } && world.Link)
                {
                    CopyBegins(WaitingToCompleteInitialReplication);
                }
                else
                {
                    Fails(world);
                }

                break;
            case StepKind.Resynchronize:
                var takes = peer is { Up: true, Mode: ReplicationMode.Replica } && world.Link && (!peer.IsFailedOver || (assumptions.ResynchronizesOverFailover && !peer.Running));
                if (takes)
                {
                    CopyBegins(Resynchronizing);
                }
                else
                {
                    Fails(world);
                }

                break;
            case StepKind.PreparePlannedFailover:
                if (peer is { Up: true, Mode: ReplicationMode.Replica, State: Replicating } && world.Link)
                {
                    // The state shows at once; the final changes follow.
                    Succeeds(world.With(side, host with { State = SyncedReplicationComplete, Job = Work.Prepare }));
                }
                else
                {
                    Fails(world);
                }

                break;
            case StepKind.FailOver:
                Succeeds(world.With(side, host with { State = Recovered, FailedOver = host.LastType == ReplicationType.Planned ? ReplicationType.Planned : ReplicationType.Regular, Below = host.Content }) with { PersonStop = -1 });
                break;
            case StepKind.StartMachine:
                Succeeds(Started(world, side, out var violation), violation);
                break;
            case StepKind.CancelPlannedFailover:
                Succeeds(world.With(side, host with { State = Replicating, Job = Work.None }));
                break;
            case StepKind.RevertFailover:
                Succeeds(world.With(side, host with { State = Replicating, Content = host.Below, FailedOver = ReplicationType.None }) with
                {
                    GivenUp = world.GivenUp | (step.Uses?.Gate == Gate.Discard && world.DiscardRun == host.Starts ? host.Content & ~host.Below & ~peer.Content : 0),
                });
                break;
            default:
                Succeeds(world);
                break;
        }

        void Verified(World now, bool healthy)
        {
            var next = now with { Records = now.Records with { Verification = new VerificationRecord(World.Clock(host.Starts), healthy) } };
            moves.Add(new Move(healthy ? $"{step}" : $"{step}: unhealthy", next with { Records = next.Records.Ended(step, succeeded: true, DateTimeOffset.MinValue) }));
        }

        // The first block that arrives makes the other disks neither old nor new.
        void CopyBegins(ReplicationState state) => Succeeds(
            world.With(side, host with { State = state, Job = Work.Copy }).With(other, peer with { Mixed = true, Content = peer.Content & host.Content, State = peer.State == Recovered ? Replicating : peer.State, FailedOver = ReplicationType.None }),
            (world.Production & ~host.Content) != 0 ? "OLDER_SIDE_IS_SOURCE" : null);
    }

    private static void Reverse(World world, Step step, Side side, Side other, Action<World, string?> succeeds, Action<World> fails, List<Move> moves, int halves)
    {
        var (host, peer) = (world.At(side), world.At(other));
        var prepared = peer is { Mode: ReplicationMode.Primary, State: SyncedReplicationComplete };
        var waiting = peer is { Mode: ReplicationMode.Replica, State: WaitingToCompleteInitialReplication };
        if (!peer.Up || !world.Link || !(prepared || waiting))
        {
            fails(world);
            return;
        }

        var own = host with { Mode = ReplicationMode.Primary, State = prepared ? Replicating : Ready, FailedOver = ReplicationType.None };
        // Changes are laid over what the other side has: when that has writes of its own, the disks become parts of two histories.
        var foreign = prepared && (peer.Content & ~host.Content) != 0;
        var turned = prepared ? peer with { Mode = ReplicationMode.Replica, State = Replicating, FailedOver = ReplicationType.None, LastType = ReplicationType.None, Mixed = peer.Mixed || foreign } : peer;
        var given = world.GivenUp | (side == Side.Recovery ? world.AttachShown : 0);
        succeeds(world.With(side, own).With(other, turned) with { GivenUp = given }, null);
        if (halves > 0)
        {
            var spent = world with { GivenUp = given, Budget = world.Budget with { Halves = world.Budget.Halves - 1 } };
            moves.Add(new Move($"{step} half: own side only", spent.With(side, own with { State = prepared ? Replicating : Ready })));
            if (prepared)
            {
                moves.Add(new Move($"{step} half: other side only", spent.With(other, turned with { State = WaitingToCompleteInitialReplication })));
            }
        }
    }

    private static World Started(World world, Side side, out string? violation)
    {
        var (host, peer) = (world.At(side), world.At(side == Side.Recovery ? Side.Home : Side.Recovery));
        violation = peer.Running ? "DUAL_RUN"
            : host.Mixed ? "CORRUPT_START"
            : (world.Production & ~host.Content) != 0 ? "STALE_START"
            : null;
        return world.With(side, host with { Running = true, Starts = host.Starts + 1, Job = Work.None });
    }

    private static string? Lost(World world)
        => (world.Needed & ~(world.Recovery.Content | world.Recovery.Below | world.Home.Content | world.Home.Below)) != 0 ? "LOSS_WITHOUT_GATE" : null;

    private void Progress(World world, Side side, List<Move> moves)
    {
        var other = side == Side.Recovery ? Side.Home : Side.Recovery;
        var (host, peer) = (world.At(side), world.At(other));
        if (!host.Up)
        {
            Return(world, side, host, peer, moves);
            return;
        }

        if (host is { Job: Work.Shutdown, Running: true })
        {
            moves.Add(new Move($"guest off@{side}", Changed(world).With(side, host.Stopped(StopCause.ShutDown))));
            if (side == Side.Recovery && world.Budget.LateGuests > 0)
            {
                moves.Add(new Move("guest ignores the shutdown", Changed(world).With(side, host with { Job = Work.None }) with
                {
                    LateGuest = true,
                    Budget = world.Budget with { LateGuests = world.Budget.LateGuests - 1 },
                }));
            }
        }

        if (side == Side.Recovery && world.LateGuest && host is { Running: true, Job: Work.None } && world.Records.Shutdown?.Run == World.Clock(host.Starts))
        {
            moves.Add(new Move("guest off late@Recovery", Slow(world).With(side, host.Stopped(StopCause.ShutDown)) with { LateGuest = false }));
        }

        var linked = world.Link && peer.Up;
        var (sends, receives) = (host.Mode == ReplicationMode.Primary, peer.Mode == ReplicationMode.Replica && !peer.IsFailedOver);
        if (host.Job == Work.Prepare)
        {
            moves.Add(linked && receives
                ? new Move("final changes arrive", Received(Changed(world).With(side, host with { Job = Work.None }), side, other, ReplicationType.Planned))
                : new Move("prepare fails", Changed(world).With(side, host with { Job = Work.None })));
        }

        if (host.Job == Work.Copy && linked && receives)
        {
            moves.Add(new Move($"copy done@{side}", Received(
                Changed(world).With(side, host with { Job = Work.None, State = Replicating }).With(other, peer with { Mixed = false, State = Replicating }), side, other, ReplicationType.Regular)));
        }

        if (sends && linked && receives && host is { State: Replicating, Running: true } && peer.State == Replicating && peer.Content != host.Content)
        {
            moves.Add(new Move($"changes sent@{side}", Received(world, side, other, ReplicationType.Regular)));
        }

        if (host.Running && world.Budget.Writes > 0)
        {
            var known = world.Owed | world.Recovery.Content | world.Home.Content;
            var write = ~known & (known + 1);
            moves.Add(new Move($"write@{side}", Changed(world).With(side, host with { Content = host.Content | write }) with
            {
                Owed = world.Owed | write,
                Line = world.Line | write,
                Budget = world.Budget with { Writes = world.Budget.Writes - 1 },
            }));
        }
    }

    private static World Received(World world, Side from, Side to, ReplicationType type)
    {
        var (sender, receiver) = (world.At(from), world.At(to));
        return world.With(to, receiver with { Content = sender.Content, Mixed = receiver.Mixed || sender.Mixed, LastType = type, LastReplication = receiver.LastReplication + 1, Below = 0 });
    }

    private void Return(World world, Side side, ModelHost host, ModelHost peer, List<Move> moves)
    {
        var states = host is { Mode: ReplicationMode.Primary, State: SyncedReplicationComplete } && assumptions.PreparedMayBeLost
            ? new[] { SyncedReplicationComplete, WaitingForStartResynchronize }
            : [host.State];
        foreach (var state in states)
        {
            var back = host with { Up = true, State = state };
            world = world.StatedOff == side ? world with { StatedOff = null } : world;
            var starts = back is { Auto: true, IsStartable: true, StopCause: StopCause.HostDown } or { Auto: true, IsStartable: true, Mode: ReplicationMode.Primary };
            var guarded = starts && assumptions.BootGuard && (world.Records.ProductionAt != side || !peer.Up || peer.Running || peer.IsStartable);
            if (!starts || guarded)
            {
                moves.Add(new Move($"power returns@{side} ({(int)state}){(guarded ? ", held" : "")}", Slow(world).With(side, guarded ? back with { Auto = false } : back)));
            }
            else
            {
                var next = Started(Slow(world).With(side, back), side, out var violation);
                moves.Add(new Move($"power returns@{side} ({(int)state}), starts by itself", next, violation));
            }
        }
    }

    private static void Faults(World world, Side side, List<Move> moves)
    {
        var host = world.At(side);
        if (!host.Up)
        {
            return;
        }

        var budget = world.Budget;
        if (budget.Crashes > 0)
        {
            var down = host.Running ? host.Stopped(StopCause.HostDown) : host;
            var state = host is { Mode: ReplicationMode.Primary, Running: true, State: Replicating or Resynchronizing or WaitingToCompleteInitialReplication } || host.Job == Work.Copy ? WaitingForStartResynchronize : host.State;
            moves.Add(new Move($"CRASH {side}", Changed(world).With(side, down with { Up = false, Job = Work.None, State = state }) with { Budget = budget with { Crashes = budget.Crashes - 1 } }));
        }

        if (budget.ServiceRestarts > 0 && (host.Job != Work.None || world.InFlight?.Step.Side == side))
        {
            var state = host.Job == Work.Copy ? WaitingForStartResynchronize : host.State;
            moves.Add(new Move($"SERVICE RESTARTS {side}", Slow(world).With(side, host with { Job = Work.None, State = state }) with { Budget = budget with { ServiceRestarts = budget.ServiceRestarts - 1 } }));
        }

        if (side == Side.Recovery && budget.Cuts > 0 && world.Link)
        {
            moves.Add(new Move("CUT link", Changed(world) with { Link = false, Budget = budget with { Cuts = budget.Cuts - 1 } }));
        }
    }

    // A person at Hyper-V Manager, or at the coordinator without having been asked.
    private static void Hands(World world, List<Move> moves)
    {
        if (world.Budget.Hands == 0)
        {
            return;
        }

        var (recovery, home) = (world.Recovery, world.Home);
        void Hand(string label, World next) => moves.Add(new Move($"hand: {label}", next with { Budget = next.Budget with { Hands = next.Budget.Hands - 1 } }));

        if (recovery is { Up: true, Running: false, Mode: ReplicationMode.Primary, State: Replicating } && !home.Running)
        {
            Hand("start@R", Slow(world) with { Recovery = recovery with { Running = true, Starts = recovery.Starts + 1, Job = Work.None } });
        }

        if (recovery is { Up: true, Running: false, Mode: ReplicationMode.Primary, State: SyncedReplicationComplete } && !home.Running)
        {
            // Cancel planned failover, then Start, as the console offers them.
            Hand("cancel and start@R", Slow(world) with { Recovery = recovery with { State = Replicating, Running = true, Starts = recovery.Starts + 1, Job = Work.None } });
            Hand("cancel@R", Slow(world) with { Recovery = recovery with { State = Replicating, Job = Work.None } });
        }

        if (home is { Up: true, Running: true })
        {
            Hand("shut down@P", Slow(world) with { Home = home.Stopped(StopCause.ShutDown), PersonStop = home.Stops + 1 });
        }

        if (home is { Up: true, Mode: ReplicationMode.Replica, State: Replicating, Running: false })
        {
            Hand("fail over to an older point@P", Slow(world) with { Home = home with { State = Recovered, FailedOver = ReplicationType.Regular, Below = home.Content, Content = home.Content >> 1 & home.Content } });
        }

        if (recovery is { Up: true, Mode: ReplicationMode.Replica, State: Replicating, Running: false } && !home.Running)
        {
            // Whoever starts disks that a copy has left half written answers for them.
            Hand("unplanned failover@R", Slow(world) with { Recovery = recovery with { Mixed = false, State = Recovered, FailedOver = ReplicationType.Regular, Below = recovery.Content, Running = true, Starts = recovery.Starts + 1 }, Line = recovery.Content });
        }

        if (world.Goal == Goal.Home)
        {
            Hand("roll back", Changed(world) with { Goal = Goal.Back, Records = world.Records.Aims(Goal.Back) });
            if (world.Records.Shutdown is { Abandoned: false })
            {
                Hand("abandon the switch", Changed(world) with { Records = world.Records.Abandons(), AbandonedSwitch = true });
            }
        }
    }
}
