namespace HostAgent.Campaigns.Planning;

/// <summary>One virtual machine of a campaign.</summary>
public sealed record PlannedItem
{
    /// <summary>Its id within the campaign: the machine's GUID in lower case.</summary>
    public required string Id { get; init; }

    /// <summary>The position of its wave, from 0.</summary>
    public required int Wave { get; init; }

    /// <summary>The host's name.</summary>
    public required string Host { get; init; }

    /// <summary>The site the host stands on; empty when not known.</summary>
    public string Site { get; init; } = string.Empty;

    /// <summary>The site the machine goes back to; empty when not known.</summary>
    public string PrimarySite { get; init; } = string.Empty;

    /// <summary>The tenant; empty when not known.</summary>
    public string Tenant { get; init; } = string.Empty;

    /// <summary>The machine's GUID.</summary>
    public required Guid VirtualMachineId { get; init; }

    /// <summary>The machine's name.</summary>
    public required string VirtualMachineName { get; init; }

    /// <summary>The size of its disks in bytes; 0 when not known.</summary>
    public long DiskBytes { get; init; }

    /// <summary>The campaign that failed back another copy of the machine before, when the plan was made knowing that; null for none.</summary>
    public string? AcceptedFormer { get; init; }

    /// <summary>The dependencies that must hold before it starts: positions in the plan's dependencies.</summary>
    public IReadOnlyList<int> Dependencies { get; init; } = [];
}
