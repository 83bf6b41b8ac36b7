using HostAgent.HyperV.Replication;

namespace HostAgent.HyperV.Simulation.World;

/// <summary>The host at the other end of a replication link, as this one reaches it.</summary>
internal interface IPeerHost
{
    /// <summary>Whether it answers now.</summary>
    bool IsReachable { get; }

    /// <summary>The same machine there, or null when it has none.</summary>
    VirtualMachine? Find(Guid id);

    /// <summary>Sends it a change of its machine, which it makes at the present moment.</summary>
    void Send(Guid machine, MachineChange change);
}

/// <summary>What a job does to the machine on the linked host when it succeeds.</summary>
internal sealed record PeerEffect
{
    /// <summary>The machine's new mode; null for no change.</summary>
    public ReplicationMode? Mode { get; init; }

    /// <summary>Its new replication state; null for no change.</summary>
    public ReplicationState? State { get; init; }

    /// <summary>The kind of replication that brings this side's writes; null when none are sent.</summary>
    public ReplicationType? Sends { get; init; }

    /// <summary>What becomes of this side when the other cannot be reached; null for no change.</summary>
    public MachineChange? Unreached { get; init; }
}
