namespace HostAgent.Coordinator.Reports;

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
