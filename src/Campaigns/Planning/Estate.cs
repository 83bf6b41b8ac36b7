namespace HostAgent.Campaigns.Planning;

/// <summary>The hosts and virtual machines as they are now.</summary>
/// <param name="Hosts">The hosts, each name once.</param>
public sealed record EstateView(IReadOnlyList<EstateHost> Hosts);

/// <summary>One host of the estate.</summary>
public sealed record EstateHost
{
    /// <summary>Its name, unique without case.</summary>
    public required string Name { get; init; }

    /// <summary>The site it stands on; empty when not known.</summary>
    public string Site { get; init; } = string.Empty;

    /// <summary>The site its machines go back to; empty when not known.</summary>
    public string PrimarySite { get; init; } = string.Empty;

    /// <summary>The tenant it serves; empty when not known.</summary>
    public string Tenant { get; init; } = string.Empty;

    /// <summary>Its labels.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Why its machines are not known; null when they are.</summary>
    public string? UnreachableReason { get; init; }

    /// <summary>Its virtual machines.</summary>
    public IReadOnlyList<EstateVirtualMachine> VirtualMachines { get; init; } = [];
}

/// <summary>The part that a copy of a machine has in replication, as far as choosing between copies needs it.</summary>
public enum ReplicaMode
{
    /// <summary>None of the others, or not known.</summary>
    Other,

    /// <summary>The replica of the primary relationship.</summary>
    Replica,

    /// <summary>The replica of a replica.</summary>
    ExtendedReplica,
}

/// <summary>What is known of another copy of a machine that a campaign has failed back, or may have.</summary>
/// <param name="Host">The host that it was failed back from.</param>
/// <param name="Campaign">The campaign's resource name.</param>
/// <param name="Explanation">What happened, as the end of a sentence about the copy.</param>
/// <param name="IsHome">Whether it has ended well; false while it is under way or its outcome is not known.</param>
public sealed record FormerFailback(string Host, string Campaign, string Explanation, bool IsHome);

/// <summary>One virtual machine of the estate.</summary>
public sealed record EstateVirtualMachine
{
    /// <summary>Its GUID.</summary>
    public required Guid Id { get; init; }

    /// <summary>Its name; not unique.</summary>
    public required string Name { get; init; }

    /// <summary>The size of its replicated disks in bytes; 0 when not known.</summary>
    public long DiskBytes { get; init; }

    /// <summary>Why it cannot be failed back; null when it can.</summary>
    public string? IneligibleReason { get; init; }

    /// <summary>
    /// Why it must not be failed back although its host would do it; null when nothing stands against it. Unlike what is merely not
    /// eligible, which a target that names no machine leaves out in silence, it is always told.
    /// </summary>
    public string? Conflict { get; init; }

    /// <summary>Its part in replication.</summary>
    public ReplicaMode Mode { get; init; }

    /// <summary>Its replication state, for messages; empty when not known.</summary>
    public string State { get; init; } = string.Empty;

    /// <summary>When data last arrived; null when not known.</summary>
    public DateTimeOffset? LastReplication { get; init; }

    /// <summary>Whether its replication health is critical.</summary>
    public bool IsCritical { get; init; }

    /// <summary>Whether it has been failed back, or is being.</summary>
    public bool IsHome { get; init; }

    /// <summary>Another copy of it that a campaign has failed back, or may have, from another host; null when none is known.</summary>
    public FormerFailback? WentHome { get; init; }

    /// <summary>The campaign that has not ended and has it as an item on this host; null when none has.</summary>
    public string? OtherCampaign { get; init; }

    /// <summary>Whether it counts as a copy beside others of its id: it could go home, or has.</summary>
    internal bool IsCopy => IsHome || IneligibleReason is null;
}
