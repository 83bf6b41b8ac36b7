using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Services;
using HostAgent.HyperV.Simulation.Internal.Model;
using HostAgent.HyperV.Simulation.Internal.World;

namespace HostAgent.HyperV.Simulation.Internal.Operations;

/// <summary>One method that starts a job on a virtual machine, other than InitiateFailback.</summary>
/// <param name="Declaration">Its name and parameters.</param>
/// <param name="IsOf">Whether an object has this method.</param>
/// <param name="MachineArgument">The argument that names the machine; null for a method of the machine itself.</param>
/// <param name="Judge">Decides about a call once the machine is found and not busy.</param>
internal sealed record MachineOperation(
    CimMethod Declaration, Func<object, bool> IsOf, string? MachineArgument, Func<OperationCall, OperationDecision> Judge)
{
    /// <summary>A method of a service that takes the machine as a reference.</summary>
    public static MachineOperation OfService<T>(CimMethod declaration, string argument, Func<OperationCall, OperationDecision> judge)
        => new(declaration, target => target is T, argument, judge);

    /// <summary>A method of the replication service.</summary>
    public static MachineOperation OfReplicationService(string method, Func<OperationCall, OperationDecision> judge)
        => OfService<ReplicationService>(ReplicationServiceMethods.Find(method)!, "ComputerSystem", judge);

    /// <summary>A method of the machine itself.</summary>
    public static MachineOperation OfMachine(CimMethod declaration, Func<OperationCall, OperationDecision> judge)
        => new(declaration, target => target is VirtualMachine, MachineArgument: null, judge);
}
