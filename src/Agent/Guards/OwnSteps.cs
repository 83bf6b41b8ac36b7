using System.Security.Cryptography;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using HostAgent.Agent.MachineReads;
using HostAgent.Agent.Operations.Admission;
using HostAgent.Agent.Operations.Kinds.Steps;
using HostAgent.Contracts.Failback.V1;
using HostAgent.HyperV.VirtualMachines;

namespace HostAgent.Agent.Guards;

/// <summary>Steps that the agent makes on its own or a person's word, in the form that callers' steps have in the journal.</summary>
internal sealed class OwnSteps(StepKinds kinds)
{
    /// <summary>A step that needs no ticket.</summary>
    public OperationRequest Fence(VirtualMachineId machine, string requestedBy)
        => Of(new StartOperationRequest { Kind = OperationKind.Fence }, "fence", machine, requestedBy);

    /// <summary>A step that needs no ticket.</summary>
    public OperationRequest DelayStartup(VirtualMachineId machine, string requestedBy)
        => Of(new StartOperationRequest { Kind = OperationKind.DelayStartup }, "delay-startup", machine, requestedBy);

    /// <summary>A step on facts of this host and a person's word about the other one, which stands for what that host would show.</summary>
    /// <param name="kind">CANCEL_PLANNED_FAILOVER or START_MACHINE.</param>
    /// <param name="machine">The machine.</param>
    /// <param name="factsId">The read of this host.</param>
    /// <param name="peer">The other host and the statement.</param>
    /// <param name="requestedBy">Who states it.</param>
    public OperationRequest OnStatement(OperationKind kind, VirtualMachineId machine, Guid factsId, PeerState peer, string requestedBy) => Of(
        new StartOperationRequest
        {
            Kind = kind,
            Ticket = new StartTicket { FactsId = factsId.ToString(), ValidFor = FactsTickets.Longest.ToDuration(), Peer = peer },
        },
        kind == OperationKind.CancelPlannedFailover ? "cancel-planned-failover" : "start-machine",
        machine,
        requestedBy);

    private OperationRequest Of(StartOperationRequest request, string kind, VirtualMachineId machine, string requestedBy)
    {
        var id = Guid.NewGuid();
        request.OperationId = id.ToString();
        request.VirtualMachineId = machine.ToString();
        return new OperationRequest
        {
            OperationId = id,
            Kind = kinds.ByName[kind],
            VirtualMachineId = machine.ToString(),
            Request = request.ToByteArray(),
            // Nobody repeats it: the id is new each time.
            RequestHash = SHA256.HashData(request.ToByteArray()),
            RequestedBy = requestedBy,
        };
    }
}
