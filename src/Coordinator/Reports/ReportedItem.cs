namespace HostAgent.Coordinator.Reports;

/// <summary>One item of a report.</summary>
internal sealed record ReportedItem
{
    /// <summary>Its id within the campaign.</summary>
    public required string ItemId { get; init; }

    /// <summary>The wave.</summary>
    public required string Wave { get; init; }

    /// <summary>The host's name.</summary>
    public required string Host { get; init; }

    /// <summary>The site the host stands on.</summary>
    public required string Site { get; init; }

    /// <summary>The site the machine goes back to.</summary>
    public required string PrimarySite { get; init; }

    /// <summary>The tenant; empty when not known.</summary>
    public required string Tenant { get; init; }

    /// <summary>The machine's GUID.</summary>
    public required string VirtualMachineId { get; init; }

    /// <summary>The machine's name.</summary>
    public required string VirtualMachineName { get; init; }

    /// <summary>The size of its disks; 0 when not known.</summary>
    public required long DiskBytes { get; init; }

    /// <summary>Where it stands, UPPER_SNAKE_CASE.</summary>
    public required string State { get; init; }

    /// <summary>How many attempts were made.</summary>
    public required int Attempts { get; init; }

    /// <summary>The UUID under which the agent knows the last attempt; empty before the first.</summary>
    public required string OperationId { get; init; }

    /// <summary>When the last attempt was started; null before.</summary>
    public required DateTimeOffset? StartTime { get; init; }

    /// <summary>When it ended; null before.</summary>
    public required DateTimeOffset? EndTime { get; init; }

    /// <summary>The UPPER_SNAKE_CASE reason of the last failure; empty when there was none.</summary>
    public required string FailureReason { get; init; }

    /// <summary>One sentence about the state; empty when the state says it all.</summary>
    public required string Explanation { get; init; }
}
