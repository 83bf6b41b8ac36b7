using HostAgent.HyperV.Failover;
using HostAgent.HyperV.Machines;
using HostAgent.HyperV.Replication;
using HostAgent.HyperV.VirtualMachines;

namespace HostAgent.Agent.Guards;

/// <summary>
/// What a person can do about a machine that waits, without a coordinator. Every text demands the proof about the other host before anything that could run a
/// second copy: advice is followed at night and out of order.
/// </summary>
internal static class OutageAdvice
{
    /// <summary>What the host shows of a machine that the journal has as unfinished; null when there is nothing left to do for it.</summary>
    /// <param name="work">What the journal says.</param>
    /// <param name="reading">What the host shows.</param>
    public static UnfinishedWork? Judge(UnfinishedWork work, MachineReading reading)
    {
        // A test failover's machine is nobody's production.
        if (reading.Machine is not { ReplicationMode: not ReplicationMode.TestReplica } machine || !(machine.EnabledState == EnabledState.Off || machine.HasSavedState))
        {
            return null;
        }

        var failedOver = IsFailedOver(machine);
        return work == UnfinishedWork.Fenced
            // A replica that receives is not started by a host: that it is fenced is as it should be.
            ? reading.StartupAction == StartupAction.None && (failedOver || !IsReplica(machine)) ? UnfinishedWork.Fenced : null
            : machine is { ReplicationMode: ReplicationMode.Primary, ReplicationState: ReplicationState.SyncedReplicationComplete } ? UnfinishedWork.Prepared
            : failedOver ? UnfinishedWork.FailedOver
            : IsReplica(machine) ? null
            : UnfinishedWork.Stopped;
    }

    /// <summary>The other host of a machine's replication, as its settings name it; null when they do not.</summary>
    public static string? OtherHostOf(VirtualMachine machine)
        => (machine.ReplicationMode == ReplicationMode.Primary ? machine.ReplicationSettings?.RecoveryHostSystem : machine.ReplicationSettings?.PrimaryHostSystem)
            is { Length: > 0 } name ? name : null;

    /// <summary>Whether a replica was failed over, so that it could be started.</summary>
    public static bool IsFailedOver(VirtualMachine machine)
        => IsReplica(machine) && machine.ReplicationState is ReplicationState.Recovered or ReplicationState.Committed or ReplicationState.RecoveryInProgress;

    /// <summary>What to do.</summary>
    /// <param name="work">What the host shows.</param>
    /// <param name="machine">The machine.</param>
    public static string For(UnfinishedWork work, VirtualMachine machine)
    {
        var there = OtherHostOf(machine) is { } name ? $"host {name}" : "the other host";
        return work switch
        {
            UnfinishedWork.Prepared =>
                $"It is off and locked. {ProofOff(there, machine)} Only then cancel the planned failover here, and start it here ('HostAgent.Agent end-outage' does both). Without that proof, cancelling and starting it can run two copies. To go on instead, leave it as it is.",
            UnfinishedWork.FailedOver =>
                $"It is off and could be started. First prove that it is off on {there} and stays so: still prepared for the planned failover there, or that host powered off. Only then start it here, and only if its failover is of the planned kind (HostAgent.Agent facts {machine.Id}): any other lacks the last writes. To go back instead, leave it off here, revert its failover here first, which gives up whatever was written here since, and only then end the outage there.",
            UnfinishedWork.Fenced =>
                $"It is off, and stays off when this host restarts. Leave it so unless production belongs here. First prove that it is off on {there} and does not start by itself there; only then give it a startup action here.",
            _ =>
                $"It is off. {ProofOff(there, machine)} Only then start it here (for a primary that replicates, 'HostAgent.Agent end-outage'). Without that proof, starting it can run two copies.",
        };
    }

    /// <summary>Whether a machine is one of which the other host may be told that it is off and not failed over.</summary>
    public static bool IsOffAndNotFailedOver(VirtualMachine machine)
        => machine.EnabledState == EnabledState.Off && IsReplica(machine) && !IsFailedOver(machine);

    private static bool IsReplica(VirtualMachine machine) => machine.ReplicationMode is ReplicationMode.Replica or ReplicationMode.ExtendedReplica;

    private static string ProofOff(string there, VirtualMachine machine)
        => $"First prove that it is off and not failed over on {there} (HostAgent.Agent facts {machine.Id} there). If it runs there, leave it off here. If it is failed over there and off, that failover may be reverted there first, but only where the machine was never started there since: what was written there would be lost. If {there} does not answer, power that host off and keep it off.";
}
