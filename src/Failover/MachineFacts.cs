using HostAgent.HyperV.Replication;

namespace HostAgent.Failover;

/// <summary>One of the two sites of a machine's way home.</summary>
public enum Side
{
    /// <summary>Where the machine was failed over to; it runs there until it has come home.</summary>
    Recovery,

    /// <summary>The primary site, to which the machine returns.</summary>
    Home,
}

/// <summary>Whether a machine's GUID was found at a site.</summary>
public enum Presence
{
    /// <summary>Found once.</summary>
    Present,

    /// <summary>Every node of the site has answered, and none has it.</summary>
    Absent,

    /// <summary>Found on several nodes, or not found while a node was silent.</summary>
    Ambiguous,
}

/// <summary><c>Msvm_ComputerSystem.EnabledState</c>, folded to what a decision needs.</summary>
public enum Power
{
    /// <summary>Off (3).</summary>
    Off,

    /// <summary>Running (2).</summary>
    Running,

    /// <summary>Saved (6, 32779).</summary>
    Saved,

    /// <summary>Paused (9).</summary>
    Paused,

    /// <summary>Any state on the way to another.</summary>
    Moving,
}

/// <summary>Why a machine stopped running the last time.</summary>
public enum StopCause
{
    /// <summary>Not known.</summary>
    Unknown,

    /// <summary>It was shut down or turned off: by its guest, by a person or by an operation.</summary>
    ShutDown,

    /// <summary>Its host went down under it.</summary>
    HostDown,
}

/// <summary>The kind of a machine that a test failover made.</summary>
public enum TestMachine
{
    /// <summary>There is none.</summary>
    None,

    /// <summary>One whose GUID an operation of this recovery has recorded.</summary>
    Ours,

    /// <summary>Somebody else's.</summary>
    Foreign,
}

/// <summary>An unfinished job that affects a machine.</summary>
/// <param name="Type">Its number in <c>Msvm_ConcreteJob.JobType</c>.</param>
/// <param name="Ours">Whether an operation of this product started it.</param>
public sealed record JobFacts(int Type, bool Ours)
{
    /// <summary>The agent's operation, when it is a step of this item; null for all others. It can be cancelled.</summary>
    public Guid? Operation { get; init; }
}

/// <summary>What one read of one site has shown of a machine. Times are the site's own; times of two sites are never compared.</summary>
public sealed record MachineFacts
{
    /// <summary>Whether the site answered. Without an answer nothing else here is known: silence is never "off".</summary>
    public bool Reached { get; init; } = true;

    /// <summary>
    /// Whether a person has stated that this silent site's machine is powered off or cut from the network. Mode and state are then the last
    /// ones known, and no step is given to this site.
    /// </summary>
    public bool StatedOff { get; init; }

    /// <summary>
    /// Whether the read can be believed: it returned the host's own row, and the management service has been up for a minute. A query without
    /// rights returns no rows and no error; a service that has just started shows no relationships.
    /// </summary>
    public bool Believed { get; init; } = true;

    /// <summary>Whether the machine was found.</summary>
    public Presence Presence { get; init; }

    /// <summary>Why the product cannot move this machine (shared disks, group, external provider), as a code; null when it can.</summary>
    public string? Unsupported { get; init; }

    /// <summary>Its replication mode.</summary>
    public ReplicationMode Mode { get; init; }

    /// <summary>The state of its relationship <c>\0</c>.</summary>
    public ReplicationState State { get; init; }

    /// <summary>Whether it runs.</summary>
    public Power Power { get; init; }

    /// <summary>Whether the host starts it by itself after a restart (AutomaticStartupAction 3 or 4, or a role of a cluster that comes online).</summary>
    public bool StartsByItself { get; init; }

    /// <summary>Whether it replicates on to a third host (relationship <c>\1</c>).</summary>
    public bool Extended { get; init; }

    /// <summary>Whether its relationship names the other site.</summary>
    public bool TargetsPeer { get; init; } = true;

    /// <summary>Whether its disks have the number and the sizes of the other site's; null when not known.</summary>
    public bool? DisksMatch { get; init; }

    /// <summary>Whether every adapter is connected as the plan wants it.</summary>
    public bool NetworkReady { get; init; } = true;

    /// <summary>Whether the replication settings are those that the item remembers: a reversal does not keep all of them.</summary>
    public bool SettingsKept { get; init; } = true;

    /// <summary>Whether health, lag and pending bytes are within the plan's limits for a switch.</summary>
    public bool FitToSwitch { get; init; } = true;

    /// <summary>The type of the last replication that was applied.</summary>
    public ReplicationType LastType { get; init; }

    /// <summary>When the last replication was applied, on this site's clock; null for never.</summary>
    public DateTimeOffset? LastReplication { get; init; }

    /// <summary>The kind of point that it was failed over to; None when it is not failed over.</summary>
    public ReplicationType FailedOverType { get; init; }

    /// <summary>When it last started to run; null when not known.</summary>
    public DateTimeOffset? LastStart { get; init; }

    /// <summary>When it last ceased to run (being saved counts); null when not known.</summary>
    public DateTimeOffset? LastStop { get; init; }

    /// <summary>Why it ceased to run.</summary>
    public StopCause StopCause { get; init; }

    /// <summary>An unfinished job; null for none.</summary>
    public JobFacts? Job { get; init; }

    /// <summary>A machine that a test failover made of this one.</summary>
    public TestMachine TestMachine { get; init; }

    internal bool IsRunning => Power == Power.Running;

    /// <summary>Off, by what was read or by a person's statement.</summary>
    internal bool IsOff => StatedOff || Power == Power.Off;

    /// <summary>Whether the host would start it when told to, whatever its content.</summary>
    internal bool IsStartable => Presence == Presence.Present && Mode switch
    {
        ReplicationMode.None => true,
        ReplicationMode.Primary => State != ReplicationState.SyncedReplicationComplete,
        ReplicationMode.Replica => IsFailedOver,
        _ => false,
    };

    /// <summary>Whether it is a replica that was failed over to.</summary>
    internal bool IsFailedOver => Mode == ReplicationMode.Replica && (State is ReplicationState.Recovered or ReplicationState.Committed);

    internal bool Is(ReplicationMode mode, params ReadOnlySpan<ReplicationState> states) => Presence == Presence.Present && Mode == mode && (states.IsEmpty || states.Contains(State));
}
