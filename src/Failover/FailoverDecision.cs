using HostAgent.HyperV.Replication;
using static HostAgent.HyperV.Replication.ReplicationState;

namespace HostAgent.Failover;

/// <summary>
/// The next step of a machine's way home between two hosts, decided from both sites as they are. Pure: the same facts, records and goal give
/// the same decision, and what was done before counts only as far as the facts still show it.
/// </summary>
public static class FailoverDecision
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan InOutage = TimeSpan.FromMinutes(5);

    /// <summary>Decides.</summary>
    /// <param name="recovery">The site where production was failed over to.</param>
    /// <param name="home">The primary site.</param>
    /// <param name="spec">How the machine is to come home.</param>
    /// <param name="records">What the item remembers.</param>
    /// <param name="goal">Where the item is to end.</param>
    /// <param name="now">The time, for waits that end in a question.</param>
    /// <returns>One step, a wait, a question with its legal answers, an end, or a refusal. There is an answer for every pair.</returns>
    public static Decision Next(MachineFacts recovery, MachineFacts home, FailoverSpec spec, FailoverRecords records, Goal goal, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(recovery);
        ArgumentNullException.ThrowIfNull(home);
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(records);
        var pair = new Pair(recovery, home, spec, records, goal, now);
        // A guard that asks is answered like any other question; one that waits, fences or refuses goes before every answer.
        var guarded = Guards.Of(pair);
        var decision = (guarded is null or Ask ? Ordered(pair) : null) ?? guarded ?? Alone(pair, goal switch
        {
            Goal.Home => TowardsHome.Of(pair),
            Goal.Back => TowardsRecovery.Of(pair),
            _ => Resting(pair),
        });
        return decision is Step step ? Bounded(pair, step) : decision;
    }

    /// <summary>How far a pair is.</summary>
    /// <param name="recovery">The recovery site.</param>
    /// <param name="home">The primary site.</param>
    public static Situation SituationOf(MachineFacts recovery, MachineFacts home)
        => Situations.Of(new Pair(recovery, home, FailoverSpec.Default, new FailoverRecords(), Goal.Home, default));

    /// <summary>Whether a return to the recovery site would give up what was written at home.</summary>
    /// <param name="recovery">The recovery site.</param>
    /// <param name="home">The primary site.</param>
    /// <param name="records">What the item remembers.</param>
    public static bool GoingBackLosesHomeWrites(MachineFacts recovery, MachineFacts home, FailoverRecords records)
        => Legality.Of(Verb.GoBack, new Pair(recovery, home, FailoverSpec.Default, records, Goal.Home, default)) is { Loses: Loss.HomeWrites };

    /// <summary>The evidence that an answer to this pair must carry.</summary>
    /// <param name="recovery">The recovery site.</param>
    /// <param name="home">The primary site.</param>
    /// <param name="goal">The goal.</param>
    public static Evidence EvidenceOf(MachineFacts recovery, MachineFacts home, Goal goal)
        => new Pair(recovery, home, FailoverSpec.Default, new FailoverRecords(), goal, default).EvidenceForOrder;

    /// <summary>The evidence that an approval of the outage by an answer must carry.</summary>
    /// <param name="recovery">The recovery site.</param>
    /// <param name="home">The primary site.</param>
    /// <param name="goal">The goal.</param>
    public static Evidence OutageEvidenceOf(MachineFacts recovery, MachineFacts home, Goal goal)
        => new Pair(recovery, home, FailoverSpec.Default, new FailoverRecords(), goal, default).EvidenceFor(Gate.Outage);

    // Protect-only and stop: no further than where production runs. An outage that this procedure began is taken back.
    private static Decision Resting(Pair pair) => Situations.Of(pair) switch
    {
        Situation.Stopped or Situation.Prepared or Situation.FailedOver => TowardsRecovery.Of(pair),
        Situation.RunsAtHome => pair.Asks(Question.NotSettled),
        Situation.Home => TowardsHome.Of(pair),
        Situation.InStep when pair.Goal == Goal.ProtectOnly && pair.Recovery.IsRunning => TowardsRecovery.Disarmed(pair) ?? new Done(Outcome.Protected),
        _ when pair.Goal == Goal.ProtectOnly => TowardsHome.Of(pair),
        _ when pair.Recovery.IsRunning => TowardsRecovery.Disarmed(pair) ?? new Done(Outcome.Stopped),
        _ => pair.Asks(Question.NobodyRuns),
    };

    private static Decision? Ordered(Pair pair) => pair.Records.Order is { } order && order.Evidence == pair.EvidenceForOrder ? Legality.Carry(pair, order) : null;

    // With a side that is only stated to be off, nothing is done there and nothing that needs its answer. Production may be unlocked, and is started by a person
    // who was shown what the silent side may have: somebody may have run it there before it fell silent.
    private static Decision Alone(Pair pair, Decision decision)
    {
        var silent = pair.Recovery.StatedOff ? Side.Recovery : pair.Home.StatedOff ? Side.Home : (Side?)null;
        return (silent, decision) switch
        {
            (null, _) or (_, Ask or Done { Outcome: Outcome.RolledBack or Outcome.Stopped }) => decision,
            (_, Step { Kind: StepKind.Fence or StepKind.Unfence or StepKind.CancelPlannedFailover } step) when step.Side != silent => decision,
            _ => pair.Asks(pair.NothingRuns ? Question.OutagePeerSilent : Question.PeerUnreachable),
        };
    }

    // What has failed is tried again later, and in the end a person is asked.
    private static Decision Bounded(Pair pair, Step step)
    {
        var records = pair.Records;
        if (records.FailedStep is not { } failed || failed.Kind != step.Kind || failed.Side != step.Side)
        {
            return step;
        }

        if (records.Failures >= pair.Spec.Tries)
        {
            return pair.Asks(step is { Kind: StepKind.ReverseReplication, Side: Side.Home } ? Question.NoReverse : Question.StepFails);
        }

        var pause = TimeSpan.FromSeconds(Math.Min(300, 10 * Math.Pow(2, records.Failures)));
        return pair.Now - records.FailedAt < pause ? new Wait(WaitReason.TryAgain, records.FailedAt + pause) : step;
    }

    /// <summary>What comes before any plan: reads that cannot be believed, work that is running, states that nothing may be done in.</summary>
    private static class Guards
    {
        public static Decision? Of(Pair pair) => Refusals(pair) ?? Fences(pair) ?? Reads(pair) ?? Work(pair) ?? States(pair);

        private static Refuse? Refusals(Pair pair)
        {
            Refusal? Refused(MachineFacts facts) => facts switch
            {
                { Mode: ReplicationMode.TestReplica } => Refusal.IsTestMachine,
                { Unsupported: not null } => Refusal.Unsupported,
                { Extended: true } or { Mode: ReplicationMode.ExtendedReplica } => Refusal.Extended,
                _ => null,
            };
            return (Refused(pair.Recovery) ?? Refused(pair.Home)) is { } refusal ? new Refuse(refusal) : null;
        }

        // Only own facts are needed, so neither a silent peer nor anybody's job keeps a machine from being fenced.
        private static Step? Fences(Pair pair)
        {
            bool CanFence(Side side) => pair.At(side) is { Reached: true, Believed: true, Presence: Presence.Present, StartsByItself: true }
                && !(pair.Records.FailedStep is { Kind: StepKind.Fence } failed && failed.Side == side);
            var split = pair.Recovery.IsRunning && pair.Home.IsRunning;
            if (CanFence(Side.Home) && (split || (pair.Home is { IsRunning: false } && (pair.Records.ProductionAt == Side.Recovery || (pair.Records.ProductionAt is null && pair.Recovery.IsRunning)))))
            {
                return new Step(StepKind.Fence, Side.Home);
            }

            return CanFence(Side.Recovery) && split ? new Step(StepKind.Fence, Side.Recovery) : null;
        }

        private static Decision? Reads(Pair pair)
        {
            var (recovery, home) = (pair.Recovery, pair.Home);
            if (recovery is { Reached: false, StatedOff: false } || home is { Reached: false, StatedOff: false })
            {
                var runs = (recovery.Reached && recovery.IsRunning) || (home.Reached && home.IsRunning);
                return pair.WaitOrAsk(WaitReason.SiteSilent, pair.Spec.SilentFor, runs ? Question.PeerUnreachable : Question.OutagePeerSilent);
            }

            if (!recovery.Believed || !home.Believed)
            {
                return pair.WaitOrAsk(WaitReason.ReadNotBelieved, InOutage, Question.ReadNotBelieved);
            }

            return recovery.Presence == Presence.Ambiguous || home.Presence == Presence.Ambiguous
                ? pair.WaitOrAsk(WaitReason.AmbiguousMachine, Minute, Question.AmbiguousMachine)
                : null;
        }

        private static Decision? Work(Pair pair)
        {
            var (recovery, home) = (pair.Recovery, pair.Home);
            if (recovery.Job is { Ours: true } || home.Job is { Ours: true })
            {
                // A copy may take days while production runs, and a drill as long as it is to soak; no other step does.
                var isShort = pair.NothingRuns || (pair.CanCancelStep && pair.Records.CopyUnfinishedAt is null);
                return pair.WaitOrAsk(WaitReason.OwnJob, isShort ? pair.Spec.StepWithin : pair.Spec.FitWithin, Question.StepStalled);
            }

            if (recovery.Job is not null || home.Job is not null)
            {
                return pair.WaitOrAsk(WaitReason.ForeignJob, pair.NothingRuns ? InOutage : TimeSpan.FromMinutes(30), Question.ForeignJob);
            }

            if (recovery.Power == Power.Moving || home.Power == Power.Moving)
            {
                return pair.WaitOrAsk(WaitReason.PowerChanging, TimeSpan.FromMinutes(10), Question.StuckPower);
            }

            return recovery.Power is Power.Running or Power.Paused && home.Power is Power.Running or Power.Paused ? pair.Asks(Question.SplitBrain) : null;
        }

        private static Decision? States(Pair pair)
        {
            foreach (var side in (ReadOnlySpan<Side>)[Side.Recovery, Side.Home])
            {
                var facts = pair.At(side);
                if (facts.Presence == Presence.Absent || facts.Mode == ReplicationMode.None)
                {
                    continue;
                }

                switch (facts.State)
                {
                    case Disabled or Unknown or < Disabled or > FiredrillInProgress:
                        return pair.WaitOrAsk(WaitReason.UnknownState, Minute, Question.UnknownState);
                    case RecoveryInProgress:
                        // No job works on it any more: it was waited for above.
                        return pair.WaitOrAsk(WaitReason.FailoverRunning, Minute, Question.HalfFailover);
                    case WaitingForUpdateCompletion:
                        return pair.WaitOrAsk(WaitReason.DiskSetUpdate, TimeSpan.FromMinutes(30), Question.UnsupportedState);
                    case FailbackInProgress or FailbackComplete or UpdateCritical or WaitingForRepurposeCompletion or PreparedForSyncReplication
                        or PreparedForGroupReverseReplication or FiredrillInProgress:
                        return pair.Asks(Question.UnsupportedState);
                }
            }

            return (pair.Recovery.TestMachine, pair.Home.TestMachine) switch
            {
                (TestMachine.Ours, _) => new Step(StepKind.EndTestFailover, Side.Recovery),
                (_, TestMachine.Ours) => new Step(StepKind.EndTestFailover, Side.Home),
                (TestMachine.Foreign, _) or (_, TestMachine.Foreign) => pair.Asks(Question.TestMachine),
                _ => null,
            };
        }
    }
}
