using HostAgent.HyperV.Replication;
using HostAgent.HyperV.VirtualMachines;

namespace HostAgent.HyperV.Simulation.Estates;

/// <summary>How a machine of a pair stands when the simulation begins.</summary>
public enum PairScenario
{
    /// <summary>It runs at the recovery site after an unplanned failover; its old primary is off and must be resynchronized.</summary>
    FailedOver,

    /// <summary>It runs at the recovery site after a planned failover that was not reversed; its old primary is prepared.</summary>
    PlannedFailedOver,

    /// <summary>It runs at the recovery site; the host at home is new and does not have it.</summary>
    HomeLost,

    /// <summary>It runs at the recovery site; at home stands a restored copy that is not replicated.</summary>
    HomeRestored,

    /// <summary>It runs at both: its old primary started again after the failover.</summary>
    BothRun,

    /// <summary>It runs at the recovery site and replicates home.</summary>
    Reversed,

    /// <summary>It runs at home and replicates to the recovery site.</summary>
    Replicating,
}

/// <summary>Makes the two machines of a scenario from what they have in common.</summary>
internal static class PairScenarios
{
    private static readonly TimeSpan Lately = TimeSpan.FromMinutes(2);

    /// <summary>The machine at home; null where it has none.</summary>
    public static SimulatedVirtualMachineDescription? Home(PairScenario scenario, SimulatedVirtualMachineDescription machine) => scenario switch
    {
        PairScenario.FailedOver => machine with { Mode = ReplicationMode.Primary, State = ReplicationState.WaitingForStartResynchronize, Health = ReplicationHealth.Critical },
        PairScenario.PlannedFailedOver => machine with { Mode = ReplicationMode.Primary, State = ReplicationState.SyncedReplicationComplete },
        PairScenario.HomeLost => null,
        PairScenario.HomeRestored => machine with { Mode = ReplicationMode.None, State = ReplicationState.Disabled, Health = ReplicationHealth.NotApplicable },
        PairScenario.BothRun => machine with { Mode = ReplicationMode.Primary, State = ReplicationState.WaitingForStartResynchronize, Health = ReplicationHealth.Critical, Power = EnabledState.Running },
        PairScenario.Reversed => machine with { State = ReplicationState.Replicating, SinceLastReplication = Lately },
        _ => machine with { Mode = ReplicationMode.Primary, State = ReplicationState.Replicating, Power = EnabledState.Running, SinceLastReplication = Lately },
    };

    /// <summary>The machine at the recovery site.</summary>
    public static SimulatedVirtualMachineDescription Recovery(PairScenario scenario, SimulatedVirtualMachineDescription machine) => scenario switch
    {
        PairScenario.Reversed => machine with { Mode = ReplicationMode.Primary, State = ReplicationState.Replicating, Power = EnabledState.Running, SinceLastReplication = Lately },
        PairScenario.Replicating => machine with { State = ReplicationState.Replicating, SinceLastReplication = Lately },
        PairScenario.PlannedFailedOver => machine with
        {
            State = ReplicationState.Recovered, Power = EnabledState.Running, PeerState = ReplicationState.SyncedReplicationComplete, SinceLastReplication = TimeSpan.Zero,
        },
        _ => machine with { State = ReplicationState.Recovered, Power = EnabledState.Running },
    };
}
