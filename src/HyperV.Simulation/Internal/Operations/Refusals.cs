using HostAgent.HyperV.Simulation.Internal.World;

namespace HostAgent.HyperV.Simulation.Internal.Operations;

/// <summary>The refusals that many operations share.</summary>
internal static class Refusals
{
    public static OperationDecision WrongMode(VirtualMachine machine) => OperationDecision.InvalidState($"the replication mode is {Numbered.Text(machine.Mode)}");

    public static OperationDecision WrongState(VirtualMachine machine)
        => OperationDecision.InvalidState($"the replication state is {Numbered.Text(machine.ReplicationState)}");

    /// <summary>The same for one of the machine's relationships.</summary>
    public static OperationDecision WrongState(VirtualMachine machine, int relationship)
        => OperationDecision.InvalidState($"the replication state of relationship {relationship} is {Numbered.Text(machine.StateOf(relationship))}");

    public static OperationDecision NotOff(VirtualMachine machine) => OperationDecision.InvalidState($"the virtual machine is {Numbered.Text(machine.Power)}, not off");
}
