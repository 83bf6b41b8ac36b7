using HostAgent.HyperV.Replication;
using static HostAgent.HyperV.Replication.ReplicationState;

namespace HostAgent.Failover;

/// <summary>The way back to the recovery site. Home is always dealt with first: what it could start must be closed before the recovery site is unlocked.</summary>
internal static class TowardsRecovery
{
    public static Decision Of(Pair pair)
    {
        var (recovery, home, records) = (pair.Recovery, pair.Home, pair.Records);
        if (home.Is(ReplicationMode.Replica, Committed))
        {
            return pair.Asks(Question.NoWayBack);
        }

        if (home.Is(ReplicationMode.Replica, Recovered))
        {
            return UndoHome(pair);
        }

        if (recovery.IsRunning)
        {
            return records.ProductionAt == Side.Home ? pair.Asks(Question.ProductionWasAtHome) : Disarmed(pair) ?? new Done(Outcome.RolledBack);
        }

        if (home.IsRunning || home.Mode == ReplicationMode.Primary || !pair.Recovery.IsOff || !recovery.Reached)
        {
            return pair.Asks(home.IsRunning ? Question.NoWayBack : Question.NobodyRuns);
        }

        if (records.ProductionAt != Side.Recovery)
        {
            return pair.Asks(records.ProductionAt == Side.Home ? Question.ProductionWasAtHome : Question.WhichSide);
        }

        if (home.IsStartable && home is { StatedOff: false, Presence: Presence.Present })
        {
            return pair.Asks(Question.TwoStartable);
        }

        return recovery switch
        {
            { Mode: ReplicationMode.Primary, State: SyncedReplicationComplete } => new Step(StepKind.CancelPlannedFailover, Side.Recovery),
            { IsStartable: true, StartsByItself: false } when records.FailedStep?.Kind != StepKind.Unfence => new Step(StepKind.Unfence, Side.Recovery),
            { IsStartable: true } => new Step(StepKind.StartMachine, Side.Recovery),
            _ => pair.Asks(Question.NobodyRuns),
        };
    }

    /// <summary>Waits while a guest that was asked to shut down, and was given up, may still do so; null when it cannot.</summary>
    public static Decision? Disarmed(Pair pair) => pair.Records.Shutdown is { } shutdown && pair.Recovery.IsRunning && shutdown.Run == pair.Recovery.LastStart && pair.Now < shutdown.ArmedUntil
        ? new Wait(WaitReason.ShutdownArmed, shutdown.ArmedUntil)
        : null;

    private static Decision UndoHome(Pair pair)
    {
        var (recovery, home) = (pair.Recovery, pair.Home);
        if (recovery.Presence == Presence.Absent)
        {
            // There is nothing to go back to.
            return pair.Asks(Question.GoneAtRecovery);
        }

        if (home.StatedOff)
        {
            // Nothing can be undone there now. The statement says that it does not run, so the recovery site may.
            return pair.Asks(Question.TwoStartable);
        }

        if (home.Power is not (Power.Off or Power.Running))
        {
            return pair.Asks(Question.StoppedAtHome);
        }

        var undo = new Step(home.IsRunning ? StepKind.ShutDownGuest : StepKind.RevertFailover, Side.Home);
        if (pair.Records.ProductionAt == Side.Recovery && !home.IsRunning)
        {
            return undo;
        }

        // The service at home goes down, and what it has written goes with it; only the step that loses it uses the permission up.
        return home.IsRunning ? pair.Under(Gate.Discard, undo) : pair.Through(Gate.Discard, undo);
    }
}
