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
}
