using HostAgent.HyperV.Replication;
using static HostAgent.HyperV.Replication.ReplicationState;

namespace HostAgent.Failover;

/// <summary>The way home, situation by situation.</summary>
internal static class TowardsHome
{
    private static readonly TimeSpan PeerLag = TimeSpan.FromMinutes(5);

    public static Decision Of(Pair pair) => Situations.Of(pair) switch
    {
        Situation.Apart => Apart(pair),
        Situation.Attached => Attached(pair),
        Situation.Copying => Copying(pair),
        Situation.InStep => InStep(pair),
        Situation.Stopped => Stopped(pair),
        Situation.Prepared => Prepared(pair),
        Situation.FailedOver => FailedOver(pair),
        Situation.RunsAtHome => RunsAtHome(pair),
        Situation.Home => AtHome(pair),
        _ => Unexpected(pair),
    };

    // The one rule of attaching: production runs at the recovery site, and home has a stopped machine that does not receive its changes.
    private static Decision Apart(Pair pair)
    {
        var (recovery, home) = (pair.Recovery, pair.Home);
        if (recovery.Presence == Presence.Absent)
        {
            return pair.Asks(home.Presence == Presence.Absent ? Question.Gone : Question.GoneAtRecovery);
        }

        if (recovery.Power is Power.Saved or Power.Paused)
        {
            return pair.Asks(Question.RecoverySaved);
        }

        if (recovery is { Mode: ReplicationMode.Primary, State: SyncedReplicationComplete } || (recovery.Mode == ReplicationMode.Primary && home.Mode == ReplicationMode.Primary && !recovery.IsRunning && pair.Records.ProductionAt == Side.Home && recovery.State == Replicating))
        {
            // The reversal was done at home, and the recovery site has not turned yet.
            return pair.WaitOrAsk(WaitReason.PeerLags, PeerLag, Question.HalfReversed);
        }

        if (recovery.Mode == ReplicationMode.Replica && !recovery.IsFailedOver)
        {
            return pair.Asks(Question.NoProduction);
        }

        if (recovery is { Mode: ReplicationMode.Primary, State: Replicating } && home.Presence == Presence.Present)
        {
            return pair.Asks(Question.TwoPrimaries);
        }

        if (recovery.Mode == ReplicationMode.Primary && home.Presence == Presence.Absent)
        {
            return recovery.TargetsPeer ? pair.WaitOrAsk(WaitReason.PeerLags, TimeSpan.FromMinutes(2), Question.TargetLacksMachine) : pair.Asks(Question.OtherTarget);
        }

        return Source(pair) ?? Attach(pair);
    }

    private static Decision Attach(Pair pair)
    {
        var (recovery, home) = (pair.Recovery, pair.Home);
        var join = recovery.Mode == ReplicationMode.None ? StepKind.CreateRelationship : StepKind.ReverseReplication;
        if (home.Presence == Presence.Absent)
        {
            return pair.Through(Gate.Attach, new Step(join, Side.Recovery));
        }

        switch (home.Mode)
        {
            case ReplicationMode.Replica when home.State == WaitingToCompleteInitialReplication:
                return pair.Through(Gate.Attach, new Step(join, Side.Recovery));
            case ReplicationMode.Replica:
                return pair.Asks(Question.OtherSource);
            // Home was prepared and nothing was lost on the way out: only what was written since is sent.
            case ReplicationMode.Primary when home.State == SyncedReplicationComplete && recovery is { IsFailedOver: true, FailedOverType: ReplicationType.Planned } && home.IsOff:
                return pair.Through(Gate.Attach, new Step(StepKind.ReverseReplication, Side.Recovery));
            case ReplicationMode.None when home.DisksMatch == false:
                return pair.Asks(Question.DisksDiffer);
        }

        if (home.Power is not (Power.Off or Power.Saved))
        {
            return pair.Asks(Question.WhichSide);
        }

        // All steps of attaching are parts of one permission; the one that ends it uses the permission up.
        return home.Power == Power.Saved ? pair.Under(Gate.Attach, new Step(StepKind.DiscardSavedState, Side.Home))
            : recovery.Mode == ReplicationMode.Primary ? pair.Through(Gate.Attach, new Step(StepKind.BecomeReplica, Side.Home))
            : pair.Under(Gate.Attach, new Step(StepKind.BecomeReplica, Side.Home));
    }

    // Nothing makes the recovery site the source unless production is proved to be there.
    private static Ask? Source(Pair pair)
        => pair.ProductionAtRecovery ? null : pair.Asks(pair.Records.ProductionAt == Side.Home ? Question.ProductionWasAtHome : Question.WhichSide);

    private static Decision Attached(Pair pair) => pair.Home.State == WaitingToCompleteInitialReplication
        ? Source(pair) ?? pair.Through(Gate.Copy, new Step(StepKind.StartReplication, Side.Recovery))
        : pair.WaitOrAsk(WaitReason.PeerLags, PeerLag, Question.UnexpectedPair);

    private static Decision Copying(Pair pair)
    {
        var (recovery, home) = (pair.Recovery, pair.Home);
        switch (recovery.State)
        {
            case WaitingToCompleteInitialReplication or Resynchronizing:
                // Neither side has a job of it: it is about to begin or to end, or the copy has stopped.
                return pair.WaitOrAsk(WaitReason.Copying, TimeSpan.FromMinutes(15), Question.CopyStalled);
            case WaitingForStartResynchronize or ResynchronizeSuspended:
                return Source(pair) ?? (Decision)new Step(StepKind.Resynchronize, Side.Recovery);
            case Suspended:
                return pair.Spec.ResumePaused ? Source(pair) ?? (Decision)new Step(StepKind.ResumeReplication, Side.Recovery) : pair.Asks(Question.PausedBySomebody);
            case Critical:
                return Source(pair) ?? Repair(pair);
        }

        return home.State switch
        {
            Suspended => new Step(StepKind.ResumeReplication, Side.Home),
            Critical => Source(pair) ?? Repair(pair),
            _ => pair.WaitOrAsk(WaitReason.PeerLags, TimeSpan.FromMinutes(10), Question.UnexpectedPair),
        };
    }

    // Resuming keeps what was sent; only when it has failed every time are both disks compared.
    private static Decision Repair(Pair pair)
    {
        var records = pair.Records;
        return records.FailedStep switch
        {
            { Kind: StepKind.Resynchronize, Side: Side.Recovery } => pair.Asks(Question.Critical),
            { Kind: StepKind.ResumeReplication, Side: Side.Recovery } when records.Failures >= pair.Spec.Tries => new Step(StepKind.Resynchronize, Side.Recovery),
            _ => new Step(StepKind.ResumeReplication, Side.Recovery),
        };
    }

    private static Decision InStep(Pair pair)
    {
        var shutdown = pair.Records.Shutdown;
        if (Source(pair) is { } ask)
        {
            return ask;
        }

        if (!pair.Home.NetworkReady)
        {
            return new Step(StepKind.ConnectNetwork, Side.Home);
        }

        if (!pair.Recovery.FitToSwitch)
        {
            return pair.WaitOrAsk(WaitReason.NotFit, pair.Spec.FitWithin, Question.NotFit);
        }

        // Not once the guest was asked to shut down: the switch is under way.
        if (pair.AwaitsRehearsal && shutdown is not { Abandoned: false })
        {
            return pair.Records.Rehearsal is null ? new Step(StepKind.Rehearse, Side.Home) : pair.Asks(Question.RehearsalFailed);
        }

        if (pair.Through(Gate.Outage, new Step(StepKind.ShutDownGuest, Side.Recovery)) is Step step)
        {
            return step;
        }

        return shutdown switch
        {
            { Abandoned: false } when shutdown.Run == pair.Recovery.LastStart => pair.Asks(Question.GuestStaysUp),
            { Abandoned: false } => pair.Asks(Question.StartedAgain),
            _ => new Wait(WaitReason.Approval) { Needs = new Approval(Gate.Outage, pair.EvidenceFor(Gate.Outage)) },
        };
    }

    private static Decision Stopped(Pair pair)
    {
        var recovery = pair.Recovery;
        if (!recovery.IsOff)
        {
            return pair.Asks(Question.RecoverySaved);
        }

        var prepare = new Step(StepKind.PreparePlannedFailover, Side.Recovery);
        var approved = pair.Through(Gate.Outage, prepare) as Step;
        if (Source(pair) is { } ask)
        {
            return ask;
        }

        if (!pair.StoppedByUs && !pair.Spec.OffIsFine && approved is null)
        {
            return pair.Asks(Question.OffUnexpectedly);
        }

        // From here to the end one restart of its host could make two copies of it.
        return recovery.StartsByItself
            ? new Step(StepKind.Fence, Side.Recovery)
            : pair.Records.Prepare?.Attempts > 2 && approved is null ? pair.Asks(Question.DeltaNotProven) : approved ?? prepare;
    }

    private static Decision Prepared(Pair pair)
    {
        var home = pair.Home;
        if (pair.Recovery.IsRunning)
        {
            return pair.Asks(Question.Impossible);
        }

        switch (home.State)
        {
            case Resynchronizing:
                return pair.WaitOrAsk(WaitReason.Copying, PeerLag, Question.PreparedButPeerBusy);
            case not Replicating:
                return pair.Asks(Question.PreparedButPeerBusy);
        }

        if (Source(pair) is { } ask)
        {
            return ask;
        }

        if (pair.DeltaProven)
        {
            return new Step(StepKind.FailOver, Side.Home);
        }

        if (pair.WaitFor(WaitReason.FinalChanges, TimeSpan.FromMinutes(2)) is { } wait)
        {
            return wait;
        }

        // The lock came on and the last changes did not arrive: unlocked and prepared again, twice.
        return pair.Records.Prepare is { Attempts: <= 2 } && pair.StoppedByUs ? new Step(StepKind.CancelPlannedFailover, Side.Recovery) : pair.Asks(Question.DeltaNotProven);
    }

    private static Decision FailedOver(Pair pair)
    {
        var (recovery, home) = (pair.Recovery, pair.Home);
        if (recovery is not { Mode: ReplicationMode.Primary, State: SyncedReplicationComplete, IsOff: true })
        {
            return pair.Asks(recovery switch
            {
                { IsRunning: true } => Question.FailedOverWhileAlive,
                { Mode: ReplicationMode.Primary, State: WaitingForStartResynchronize or Resynchronizing or ResynchronizeSuspended or Critical } => Question.CrashedInSwitch,
                { Mode: ReplicationMode.Replica } => Question.NoPrimary,
                _ => Question.TwoStartable,
            });
        }

        if (!pair.PlannedPoint)
        {
            return pair.Asks(Question.NotAPlannedPoint);
        }

        if (home.Power != Power.Off)
        {
            return pair.Asks(Question.StoppedAtHome);
        }

        if (pair.Spec.AcceptAfter == AcceptAfter.None)
        {
            return new Step(StepKind.ReverseReplication, Side.Home);
        }

        // A start that failed leaves no run behind. A run that ended is started again only when its host went down under it.
        return !pair.RanAtHome || (home.StopCause == StopCause.HostDown && pair.Records.ProductionAt == Side.Home)
            ? new Step(StepKind.StartMachine, Side.Home)
            : pair.Asks(Question.StoppedAtHome);
    }

    private static Decision RunsAtHome(Pair pair)
    {
        var (recovery, home, records) = (pair.Recovery, pair.Home, pair.Records);
        if (recovery.Mode == ReplicationMode.Replica)
        {
            // The reversal began, accepted, and has turned the recovery site first: nothing is left to go back to.
            return records.ProductionAt == Side.Home ? new Step(StepKind.ReverseReplication, Side.Home) : pair.Asks(Question.HalfReversed);
        }

        if (recovery.State != SyncedReplicationComplete)
        {
            return pair.Asks(recovery.State is WaitingForStartResynchronize or Resynchronizing or ResynchronizeSuspended or Critical ? Question.CrashedInSwitch : Question.UnplannedHome);
        }

        if (records.ProductionAt != Side.Home)
        {
            return pair.Asks(pair.PlannedPoint ? Question.WhichSide : Question.NotAPlannedPoint);
        }

        if (records.Verification is not { } verified || verified.Run != home.LastStart)
        {
            return new Step(StepKind.VerifyGuest, Side.Home);
        }

        if (!verified.Healthy)
        {
            return pair.Asks(Question.Unhealthy);
        }

        return pair.Spec.CommitExplicitly && home.State == Recovered
            ? pair.Under(Gate.Accept, new Step(StepKind.CommitFailover, Side.Home))
            : pair.Through(Gate.Accept, new Step(StepKind.ReverseReplication, Side.Home));
    }

    private static Decision AtHome(Pair pair)
    {
        var (recovery, home, records) = (pair.Recovery, pair.Home, pair.Records);
        if (recovery.IsRunning)
        {
            return pair.Asks(Question.Impossible);
        }

        if (records.ProductionAt == Side.Recovery)
        {
            return pair.Asks(Question.WhichSide);
        }

        if (!home.IsRunning)
        {
            return home switch
            {
                { Mode: ReplicationMode.Primary, State: SyncedReplicationComplete } => pair.Asks(Question.PlannedToRecovery),
                // It is down only because its host went down, or because it was not started yet, and only our own fence keeps it down.
                { Power: Power.Off, StopCause: StopCause.HostDown } when records.ProductionAt == Side.Home => new Step(StepKind.StartMachine, Side.Home),
                { Power: Power.Off } when pair.Spec.AcceptAfter == AcceptAfter.None && records is { ProductionAt: Side.Home, Prepare: not null, HomeStart: null } => new Step(StepKind.StartMachine, Side.Home),
                _ => pair.Asks(Question.NobodyRuns),
            };
        }

        if (records.HomeStart is not null && records.Verification?.Run != home.LastStart)
        {
            return new Step(StepKind.VerifyGuest, Side.Home);
        }

        if (records is { HomeStart: not null, Verification.Healthy: false })
        {
            return pair.Asks(Question.Unhealthy);
        }

        return Settled(pair) ?? (home.Mode == ReplicationMode.Primary && recovery.Mode == ReplicationMode.Replica ? Protect(pair) : new Done(Outcome.HomeUnprotected));
    }

    // The recovery site keeps its fence, and home starts by itself again, as soon as it is the primary.
    private static Step? Settled(Pair pair) => pair switch
    {
        { Recovery: { Presence: Presence.Present, StartsByItself: true } } => new Step(StepKind.Fence, Side.Recovery),
        { Home.SettingsKept: false } when pair.Records.FailedStep?.Kind != StepKind.RestoreSettings => new Step(StepKind.RestoreSettings, Side.Home),
        { Home.StartsByItself: false } when pair.Records.FailedStep?.Kind != StepKind.Unfence => new Step(StepKind.Unfence, Side.Home),
        _ => null,
    };

    private static Decision Protect(Pair pair) => (pair.Home.State, pair.Recovery.State) switch
    {
        (Ready, WaitingToCompleteInitialReplication) => new Step(StepKind.StartReplication, Side.Home),
        (Replicating, Replicating) => new Done(Outcome.Home),
        (WaitingForStartResynchronize, _) => new Step(StepKind.Resynchronize, Side.Home),
        (Suspended or Critical or ResynchronizeSuspended, _) => pair.Records.FailedStep is { Kind: StepKind.ResumeReplication } && pair.Records.Failures >= pair.Spec.Tries
            ? pair.Asks(Question.Reprotect)
            : new Step(StepKind.ResumeReplication, Side.Home),
        (WaitingToCompleteInitialReplication or Resynchronizing, _) => pair.WaitOrAsk(WaitReason.Copying, TimeSpan.FromMinutes(15), Question.CopyStalled),
        _ => pair.WaitOrAsk(WaitReason.PeerLags, PeerLag, Question.Reprotect),
    };

    private static Ask Unexpected(Pair pair) => pair.Asks((pair.Recovery, pair.Home) switch
    {
        ({ IsFailedOver: true }, { IsFailedOver: true }) => Question.BothFailedOver,
        ({ Mode: ReplicationMode.Replica }, { Mode: ReplicationMode.Replica }) => Question.NoPrimary,
        ({ Mode: ReplicationMode.Primary }, { Mode: ReplicationMode.Replica, IsRunning: true }) => Question.Impossible,
        _ => Question.UnexpectedPair,
    });
}
