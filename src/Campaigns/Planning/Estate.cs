namespace HostAgent.Campaigns.Planning;

/// <summary>The current hosts and virtual machines.</summary>
/// <param name="Hosts">The hosts, each name once.</param>
public sealed record EstateView(IReadOnlyList<EstateHost> Hosts);

/// <summary>One host of the estate.</summary>
public sealed record EstateHost
{
    /// <summary>Its name, unique and case-insensitive.</summary>
    public required string Name { get; init; }

    /// <summary>Its site; empty when unknown.</summary>
    public string Site { get; init; } = string.Empty;

    /// <summary>The primary site of its machines; empty when unknown.</summary>
    public string PrimarySite { get; init; } = string.Empty;

    /// <summary>The tenant it serves; empty when unknown.</summary>
    public string Tenant { get; init; } = string.Empty;

    /// <summary>Its labels.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Why its machines are unknown; null when they are known.</summary>
    public string? UnreachableReason { get; init; }

    /// <summary>Its virtual machines.</summary>
    public IReadOnlyList<EstateVirtualMachine> VirtualMachines { get; init; } = [];
}

/// <summary>A copy's role in replication, as far as choosing between copies needs it.</summary>
public enum ReplicaMode
{
    /// <summary>Another role, or unknown.</summary>
    Other,

    /// <summary>The replica of the primary relationship.</summary>
    Replica,

    /// <summary>The replica of a replica.</summary>
    ExtendedReplica,

    /// <summary>The machine of a test failover.</summary>
    TestReplica,
}

/// <summary>Another copy of a machine that a campaign has failed back, or may have.</summary>
/// <param name="Host">The host that it was failed back from.</param>
/// <param name="Campaign">The campaign's resource name.</param>
/// <param name="Explanation">What happened, worded as the end of a sentence about the copy.</param>
/// <param name="IsHome">Whether it succeeded; false while it is in flight or its outcome is unknown.</param>
public sealed record FormerFailback(string Host, string Campaign, string Explanation, bool IsHome);

/// <summary>One virtual machine of the estate.</summary>
public sealed record EstateVirtualMachine
{
    /// <summary>Its GUID.</summary>
    public required Guid Id { get; init; }

    /// <summary>Its name; not unique.</summary>
    public required string Name { get; init; }

    /// <summary>The size of its replicated disks in bytes; 0 when unknown.</summary>
    public long DiskBytes { get; init; }

    /// <summary>Why it cannot be failed back; null when it can.</summary>
    public string? IneligibleReason { get; init; }

    /// <summary>
    /// Why it must not be failed back although its host would allow it; null for no reason. An ineligible machine is silently left out by a
    /// target that names no machine; a conflict is always reported.
    /// </summary>
    public string? Conflict { get; init; }

    /// <summary>Its role in replication.</summary>
    public ReplicaMode Mode { get; init; }

    /// <summary>Whether an external provider replicates it; null when that is not known.</summary>
    public bool? IsExternal { get; init; }

    /// <summary>The host that it names as its primary; empty when it names none.</summary>
    public string PrimaryHost { get; init; } = string.Empty;

    /// <summary>Its replication state, for messages; empty when unknown.</summary>
    public string State { get; init; } = string.Empty;

    /// <summary>When it last received data; null when unknown.</summary>
    public DateTimeOffset? LastReplication { get; init; }

    /// <summary>Whether its replication health is critical.</summary>
    public bool IsCritical { get; init; }

    /// <summary>Whether it has been failed back, or is being failed back.</summary>
    public bool IsHome { get; init; }

    /// <summary>Another copy of it that a campaign has failed back, or may have, from another host; null when none is known.</summary>
    public FormerFailback? WentHome { get; init; }

    /// <summary>A campaign that has not ended and has it as an item on this host; null for none.</summary>
    public string? OtherCampaign { get; init; }

    /// <summary>Whether it counts when its id has several copies: it could be failed back, or has been.</summary>
    internal bool IsCopy => IsHome || IneligibleReason is null;
}
