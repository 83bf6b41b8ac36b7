using System.Text.Json.Serialization;

namespace HostAgent.Coordinator.Reports;

/// <summary>A campaign's report for an auditor, derived entirely from its events and its audit chain. JSON reports have these fields.</summary>
internal sealed record CampaignReport
{
    /// <summary>The format of the report; another format gets another name.</summary>
    public string Format { get; init; } = "failback.report/v1";

    /// <summary>campaigns/{campaign_id}.</summary>
    public required string Name { get; init; }

    /// <summary>The campaign's identity for the agents.</summary>
    public required string Uid { get; init; }

    /// <summary>When the report was made.</summary>
    public required DateTimeOffset ReportTime { get; init; }

    /// <summary>Who requested it.</summary>
    public required string ReportedTo { get; init; }

    /// <summary>The version of the campaign's events that it covers.</summary>
    public required long Version { get; init; }

    /// <summary>The campaign's state, UPPER_SNAKE_CASE.</summary>
    public required string State { get; init; }

    /// <summary>The state in one sentence.</summary>
    public required string Explanation { get; init; }

    /// <summary>The labels of the document.</summary>
    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    /// <summary>Who created it.</summary>
    public required string CreatedBy { get; init; }

    /// <summary>When it was created.</summary>
    public required DateTimeOffset CreateTime { get; init; }

    /// <summary>When it was started, or will be; null when neither.</summary>
    public required DateTimeOffset? StartTime { get; init; }

    /// <summary>When it ended; null before.</summary>
    public required DateTimeOffset? EndTime { get; init; }

    /// <summary>How many items are in each state; states without items are left out.</summary>
    public required IReadOnlyDictionary<string, int> Counts { get; init; }

    /// <summary>The seal of the audit chain.</summary>
    public required AuditSeal Audit { get; init; }

    /// <summary>The forecast that it was started with; null for none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ReportedForecast? Forecast { get; init; }

    /// <summary>The waves in order.</summary>
    public required IReadOnlyList<ReportedWave> Waves { get; init; }

    /// <summary>What people decided and what the coordinator did on its own, in chronological order.</summary>
    public required IReadOnlyList<TimelineEntry> Acts { get; init; }

    /// <summary>Every item, in the order of the plan.</summary>
    public required IReadOnlyList<ReportedItem> Items { get; init; }

    /// <summary>Whether it drills: what its items have shown is evidence.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool TestsReplicas { get; init; }

    /// <summary>The plan's warnings: the first 200.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Machines that the document selects but that are not in the campaign: the first 200.</summary>
    public IReadOnlyList<ReportedRefusal> Refused { get; init; } = [];

    /// <summary>The total number of such machines.</summary>
    public int RefusedCount { get; init; }

    /// <summary>Who accepted the warnings and refusals; empty when no one has.</summary>
    public string WarningsAcceptedBy { get; init; } = string.Empty;

    /// <summary>The latest document.</summary>
    public required string Document { get; init; }
}

/// <summary>A machine that was selected but is not in the campaign.</summary>
/// <param name="VirtualMachineName">Its name, or the id that was not found.</param>
/// <param name="VirtualMachineId">Its GUID; empty when it was not found.</param>
/// <param name="Host">The host; empty when none has it.</param>
/// <param name="Reason">Why.</param>
internal sealed record ReportedRefusal(string VirtualMachineName, string VirtualMachineId, string Host, string Reason);
