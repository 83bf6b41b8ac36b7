using HostAgent.HyperV.Replication;
using static HostAgent.HyperV.Replication.ReplicationState;

namespace HostAgent.Failover;

/// <summary>How far a pair is, by what both sites show.</summary>
public enum Situation
{
    /// <summary>None of the others.</summary>
    Unexpected,

    /// <summary>Production at the recovery site, and home does not receive its changes.</summary>
    Apart,

    /// <summary>Home is its replica, and nothing was copied yet.</summary>
    Attached,

    /// <summary>A copy or a resynchronization runs, or replication must be resumed.</summary>
    Copying,

    /// <summary>In step, with production running at the recovery site: the rest point.</summary>
    InStep,

    /// <summary>In step, with production off.</summary>
    Stopped,

    /// <summary>The recovery site is prepared and locked off.</summary>
    Prepared,

    /// <summary>Home is failed over and off.</summary>
    FailedOver,

    /// <summary>Home is failed over and runs; the switch can still be undone.</summary>
    RunsAtHome,

    /// <summary>Home is the primary again.</summary>
    Home,
}

/// <summary>Tells situations apart.</summary>
internal static class Situations
{
    public static Situation Of(Pair pair)
    {
        var (recovery, home) = (pair.Recovery, pair.Home);
        if (recovery.Presence == Presence.Absent || home.Presence == Presence.Absent)
        {
            return home is { Presence: Presence.Present, IsRunning: true } ? Situation.Home : Situation.Apart;
        }

        return (recovery.Mode, home.Mode) switch
        {
            (ReplicationMode.Primary, ReplicationMode.Replica) => OfPrimary(recovery, home),
            (ReplicationMode.Replica, ReplicationMode.Replica) when home.IsFailedOver && !recovery.IsFailedOver => home.IsRunning ? Situation.RunsAtHome : Situation.FailedOver,
            (ReplicationMode.Replica, ReplicationMode.Replica) => recovery.IsFailedOver && !home.IsFailedOver ? Situation.Apart : Situation.Unexpected,
            (ReplicationMode.Replica, ReplicationMode.Primary) => recovery.IsFailedOver ? Situation.Apart : Situation.Home,
            (ReplicationMode.Replica, _) => recovery.IsFailedOver ? Situation.Apart : home.IsRunning ? Situation.Home : Situation.Unexpected,
            _ => home.IsRunning ? Situation.Home : Situation.Apart,
        };
    }

    private static Situation OfPrimary(MachineFacts recovery, MachineFacts home)
    {
        if (home.IsFailedOver)
        {
            return home.IsRunning ? Situation.RunsAtHome : Situation.FailedOver;
        }

        return (recovery.State, home.State) switch
        {
            _ when home.IsRunning => Situation.Unexpected,
            (SyncedReplicationComplete, _) => Situation.Prepared,
            (Ready, _) => Situation.Attached,
            (Replicating, Replicating) => recovery.IsRunning ? Situation.InStep : Situation.Stopped,
            (WaitingToCompleteInitialReplication or Replicating or Suspended or Critical or WaitingForStartResynchronize or Resynchronizing or ResynchronizeSuspended,
                WaitingToCompleteInitialReplication or Replicating or Suspended or Critical or WaitingForStartResynchronize or Resynchronizing or ResynchronizeSuspended) => Situation.Copying,
            _ => Situation.Unexpected,
        };
    }
}
