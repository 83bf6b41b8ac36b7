using HostAgent.Agent.Operations.Model;
using HostAgent.HyperV.Failover;
using HostAgent.HyperV.Replication;
using HostAgent.HyperV.VirtualMachines;

namespace HostAgent.Agent.Operations.Kinds.Steps;

/// <summary>The parameters of one step between two hosts.</summary>
internal sealed record StepOrder
{
    /// <summary>The machine.</summary>
    public required VirtualMachineId VirtualMachine { get; init; }

    /// <summary>What the caller decided on; null when it is not compared.</summary>
    public MachineShown? Expected { get; init; }

    /// <summary>The ticket; null when the kind needs none.</summary>
    public StepTicket? Ticket { get; init; }

    /// <summary>Replaces values of the machine's own replication settings.</summary>
    public ReplicationSettingOverrides? Settings { get; init; }

    /// <summary>Whether programs that hold a shutdown up are ended.</summary>
    public bool Force { get; init; }

    /// <summary>After how long a guest that stays up is a failure.</summary>
    public TimeSpan ShutdownTimeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How the first copy gets there.</summary>
    public InitialReplicationType InitialCopy { get; init; }

    /// <summary>The recovery point; null for the latest.</summary>
    public string? RecoveryPointIdentifier { get; init; }

    /// <summary>The network adapter, by its InstanceID or its name; null when the step is not about one.</summary>
    public string? NetworkAdapter { get; init; }

    /// <summary>The switch to connect it to; null to disconnect it.</summary>
    public string? VirtualSwitch { get; init; }

    /// <summary>The id of the adapter's VLAN; 0 for untagged.</summary>
    public int AccessVlan { get; init; }

    /// <summary>The adapter's static MAC address; null when the step is not about that.</summary>
    public string? MacAddress { get; init; }

    /// <summary>What the guest gets on its adapters after a failover, by the adapters' InstanceIDs or names; empty when the step is not about that.</summary>
    public IReadOnlyList<(string Adapter, FailoverAddresses Addresses)> FailoverAdapters { get; init; } = [];

    /// <summary>The machine that a test failover made; null when the step is not about one.</summary>
    public VirtualMachineId? TestMachine { get; init; }
}

/// <summary>Proof that a decision rests on recent facts of both hosts.</summary>
/// <param name="FactsId">The read of this host.</param>
/// <param name="ValidFor">For how long after it.</param>
/// <param name="Peer">The other host as it was shown to the caller, in words.</param>
internal sealed record StepTicket(Guid FactsId, TimeSpan ValidFor, string Peer);
