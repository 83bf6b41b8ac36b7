using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Failback;
using HostAgent.HyperV.Simulation.World;

namespace HostAgent.HyperV.Simulation.Methods;

/// <summary>Refusals that many operations share.</summary>
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

/// <summary>Why a call is refused.</summary>
/// <param name="Code">The return code.</param>
/// <param name="Reason">The observed value, for the log.</param>
/// <param name="ErrorCode">An HRESULT to throw instead of returning the code; null to return it.</param>
internal sealed record Refusal(ReturnCode Code, string Reason, uint? ErrorCode = null);
