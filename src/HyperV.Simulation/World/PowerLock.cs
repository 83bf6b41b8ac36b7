using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Replication;

namespace HostAgent.HyperV.Simulation.World;

/// <summary>Replication keeps some machines from being started.</summary>
internal static class PowerLock
{
    /// <summary>Why a machine cannot be started; null when it can.</summary>
    public static string? Of(VirtualMachine machine) => machine switch
    {
        { Mode: ReplicationMode.Primary, ReplicationState: ReplicationState.SyncedReplicationComplete } => "the machine is prepared for a planned failover and cannot be started",
        { Mode: ReplicationMode.Replica or ReplicationMode.ExtendedReplica, ReplicationState: not (ReplicationState.Recovered or ReplicationState.Committed) }
            => $"a replica in state {Numbered.Text(machine.ReplicationState)} cannot be started; it must be failed over first",
        _ => null,
    };
}
