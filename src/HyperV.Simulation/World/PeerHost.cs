using HostAgent.HyperV.Replication;

namespace HostAgent.HyperV.Simulation.World;

/// <summary>The host at the other end of a replication link, as this one reaches it.</summary>
internal interface IPeerHost
{
    /// <summary>The time that a message takes there and back.</summary>
    TimeSpan RoundTrip { get; }

    /// <summary>Whether an exchange that began at a moment, in UTC ticks, succeeds now.</summary>
    PeerReach Reach(long since);

    /// <summary>The same machine there, or null when it has none.</summary>
    VirtualMachine? Find(Guid id);
}

/// <summary>How an exchange with the linked host ends.</summary>
internal enum PeerReach
{
    /// <summary>Nothing arrives there.</summary>
    No,

    /// <summary>The request arrives and takes effect; its answer does not come back.</summary>
    AnswerLost,

    /// <summary>Both arrive.</summary>
    Yes,
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
