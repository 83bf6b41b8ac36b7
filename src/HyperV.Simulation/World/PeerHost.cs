using HostAgent.HyperV.Replication;
using HostAgent.HyperV.Simulation.Estates;

namespace HostAgent.HyperV.Simulation.World;

/// <summary>The host at the other end of a replication link, as this one reaches it.</summary>
internal interface IPeerHost
{
    /// <summary>The time that a message takes there and back.</summary>
    TimeSpan RoundTrip { get; }

    /// <summary>Whether an exchange that began at a moment, in UTC ticks, succeeds now.</summary>
    PeerReach Reach(long since);

    /// <summary>Whether it is a replica server that allows some server.</summary>
    bool AcceptsReplicas { get; }

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

/// <summary>A machine that the linked host has asked for: what both sides of it have in common.</summary>
internal sealed record Placeholder(
    Guid Id, string Name, double DiskGigabytes, int Disks, double ChangedGigabytes, int RecoveryHistory, int ApplicationConsistentHours, AuthenticationType Authentication)
{
    public static Placeholder Of(VirtualMachine machine) => new(
        machine.Id, machine.Name, machine.Description.DiskGigabytes, machine.Description.Disks, machine.Description.ChangedGigabytes, machine.RecoveryHistory,
        machine.ApplicationConsistentHours, machine.Description.Authentication);

    public SimulatedVirtualMachineDescription Describe() => new()
    {
        Name = Name,
        Id = Id,
        DiskGigabytes = DiskGigabytes,
        Disks = Disks,
        ChangedGigabytes = ChangedGigabytes,
        RecoveryHistory = RecoveryHistory,
        ApplicationConsistentHours = ApplicationConsistentHours,
        Authentication = Authentication,
        Mode = ReplicationMode.Replica,
        State = ReplicationState.WaitingToCompleteInitialReplication,
    };
}
