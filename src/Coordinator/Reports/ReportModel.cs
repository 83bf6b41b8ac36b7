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

/// <summary>One wave of a report.</summary>
/// <param name="Name">Its name.</param>
/// <param name="State">Where it stands, UPPER_SNAKE_CASE.</param>
/// <param name="Items">How many items it has.</param>
/// <param name="Succeeded">How many succeeded, with or without warnings.</param>
/// <param name="Failed">How many failed or are of unknown outcome.</param>
/// <param name="StartTime">When it was started; null before.</param>
/// <param name="EndTime">When its last item ended; null before.</param>
/// <param name="Gate">What had to hold after it, in words; empty for nothing.</param>
/// <param name="ApprovedBy">Who approved its gate; null when nobody did.</param>
/// <param name="RejectedBy">Who rejected its gate and did not approve it after all; null when nobody.</param>
internal sealed record ReportedWave(
    string Name,
    string State,
    int Items,
    int Succeeded,
    int Failed,
    DateTimeOffset? StartTime,
    DateTimeOffset? EndTime,
    string Gate,
    string? ApprovedBy,
    string? RejectedBy);

/// <summary>Something that somebody decided, or that the coordinator did by itself.</summary>
/// <param name="Time">When.</param>
/// <param name="Actor">Who: a person by their certificate's subject, or coordinator.</param>
/// <param name="Act">What, as the event's stored name, for example wave-approved.</param>
/// <param name="Target">On what: a wave, an item or a host by name; empty for the campaign.</param>
/// <param name="Explanation">One sentence.</param>
internal sealed record TimelineEntry(DateTimeOffset Time, string Actor, string Act, string Target, string Explanation);
