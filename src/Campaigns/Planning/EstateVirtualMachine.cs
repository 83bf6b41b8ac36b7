namespace HostAgent.Campaigns.Planning;

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
}
