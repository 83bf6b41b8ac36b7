using System.Text.Json.Serialization;

namespace HostAgent.Coordinator.Reports;

internal sealed record ReportedItem
{
    public required string ItemId { get; init; }

    public required string Wave { get; init; }

    public required string Host { get; init; }

    public required string Site { get; init; }

    /// <summary>The machine's primary site.</summary>
    public required string PrimarySite { get; init; }

    /// <summary>The tenant; empty when unknown.</summary>
    public required string Tenant { get; init; }

    public required string VirtualMachineId { get; init; }

    public required string VirtualMachineName { get; init; }

    /// <summary>The size of its disks in bytes; 0 when unknown.</summary>
    public required long DiskBytes { get; init; }

    /// <summary>Its state, UPPER_SNAKE_CASE.</summary>
    public required string State { get; init; }

    public required int Attempts { get; init; }

    /// <summary>The UUID under which the agent knows the last attempt; empty before the first.</summary>
    public required string OperationId { get; init; }

    /// <summary>When the last attempt was started; null before.</summary>
    public required DateTimeOffset? StartTime { get; init; }

    public required DateTimeOffset? EndTime { get; init; }

    /// <summary>The UPPER_SNAKE_CASE reason of the last failure; empty when there was none.</summary>
    public required string FailureReason { get; init; }

    /// <summary>One sentence about the state; empty when the state is enough.</summary>
    public required string Explanation { get; init; }

    /// <summary>What was under way for it, and when: each attempt at each of its steps, in order.</summary>
    public IReadOnlyList<ReportedSpan> Spans { get; init; } = [];

    /// <summary>The test of its replica, or its planned drill; null in campaigns that do neither, and before there is a verdict.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ReportedTest? Test { get; init; }
}

/// <summary>An attempt at a step of an item.</summary>
/// <param name="Step">The step, UPPER_SNAKE_CASE: INITIATE_FAILBACK, SYNCHRONIZE, SWITCH_OVER, TEST_FAILOVER, PROTECT.</param>
/// <param name="Host">The host that it was made on.</param>
/// <param name="StartTime">When it was sent to the host.</param>
/// <param name="EndTime">When the item was no longer in flight; null while it is.</param>
/// <param name="Result">The state that the item came to, UPPER_SNAKE_CASE; empty while it is in flight.</param>
internal sealed record ReportedSpan(string Step, string Host, DateTimeOffset StartTime, DateTimeOffset? EndTime, string Result);

/// <summary>What a test of a replica has shown.</summary>
internal sealed record ReportedTest
{
    /// <summary>The drill's resource name; of a planned drill, that of the return.</summary>
    public required string Drill { get; init; }

    /// <summary>Whether the replica boots; of a planned drill, whether the machine went there and came home.</summary>
    public required bool Passed { get; init; }

    /// <summary>When the verdict was found.</summary>
    public required DateTimeOffset VerdictTime { get; init; }

    /// <summary>Until when it counts; null for one that failed.</summary>
    public required DateTimeOffset? ValidUntil { get; init; }

    /// <summary>When the replica had last received changes before the test; null when the host did not say.</summary>
    public required DateTimeOffset? ReplicaTime { get; init; }

    /// <summary>NO_NETWORK, PRIVATE, INTERNAL or EXTERNAL, or PRODUCTION for a planned drill; empty when it never came to a test machine.</summary>
    public required string Isolation { get; init; }

    /// <summary>The switch that the test machine was connected to; empty for none.</summary>
    public required string VirtualSwitch { get; init; }

    /// <summary>What was checked: the heartbeat, and an application check by its name.</summary>
    public required IReadOnlyList<string> Verified { get; init; }

    /// <summary>From the beginning of the test to its verdict, in seconds; of a planned drill, from the outage of the way there until the machine was home again.</summary>
    public required double TookSeconds { get; init; }

    /// <summary>Who started the campaign.</summary>
    public required string TestedBy { get; init; }

    /// <summary>What was seen.</summary>
    public required string Explanation { get; init; }
}

/// <summary>One wave of a report.</summary>
/// <param name="Name">Its name.</param>
/// <param name="State">Its state, UPPER_SNAKE_CASE.</param>
/// <param name="Items">The number of items.</param>
/// <param name="Succeeded">How many succeeded, with or without warnings.</param>
/// <param name="Failed">How many failed or are of unknown outcome.</param>
/// <param name="StartTime">When it was started; null before.</param>
/// <param name="EndTime">When its last item ended; null before.</param>
/// <param name="Gate">The gate after it, in words; empty for none.</param>
/// <param name="ApprovedBy">Who approved its gate; null when no one has.</param>
/// <param name="RejectedBy">Who rejected its gate, if it was not approved later; null if it was not rejected.</param>
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

/// <summary>A decision of a person, or an action of the coordinator.</summary>
/// <param name="Time">When.</param>
/// <param name="Actor">A person by their certificate's subject, or coordinator.</param>
/// <param name="Act">The event's stored name, for example wave-approved.</param>
/// <param name="Target">A wave, an item or a host by name; empty for the campaign.</param>
/// <param name="Explanation">One sentence.</param>
internal sealed record TimelineEntry(DateTimeOffset Time, string Actor, string Act, string Target, string Explanation);

/// <summary>The forecast that a campaign was started with. It leaves out the time that people take to approve.</summary>
/// <param name="P50Seconds">From start to end in half of the runs.</param>
/// <param name="P90Seconds">From start to end in nine of ten runs, at most.</param>
/// <param name="Basis">What it is based on, in words.</param>
/// <param name="Waves">When each wave was to run.</param>
internal sealed record ReportedForecast(double P50Seconds, double P90Seconds, string Basis, IReadOnlyList<ReportedForecastWave> Waves);

/// <summary>When one wave was to run, in seconds after the campaign's start.</summary>
/// <param name="Name">Its name.</param>
/// <param name="StartP50Seconds">When it was to start, in half of the runs.</param>
/// <param name="EndP50Seconds">When its last item was to end, in half of the runs.</param>
/// <param name="EndP90Seconds">When its last item was to end, in nine of ten runs, at most.</param>
internal sealed record ReportedForecastWave(string Name, double StartP50Seconds, double EndP50Seconds, double EndP90Seconds);
