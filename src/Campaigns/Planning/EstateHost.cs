namespace HostAgent.Campaigns.Planning;

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
