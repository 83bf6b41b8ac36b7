using System.Text.Json;
using System.Text.Json.Serialization;
using HostAgent.Campaigns.Planning;
using HostAgent.Campaigns.Spec;

namespace HostAgent.Campaigns.States;

/// <summary>
/// A campaign's state as bytes, so that a long log need not be replayed from its beginning. A snapshot is a copy that saves time and
/// never the truth: where it cannot be read, the log is replayed.
/// </summary>
public static class CampaignSnapshot
{
    /// <summary>The format that this version writes and reads. It grows with every change of what a state holds, or of how events are folded.</summary>
    public const int Format = 2;

    /// <summary>Writes a state. The same log gives the same bytes.</summary>
    /// <param name="state">The state of a planned campaign, between two decisions.</param>
    /// <returns>One JSON object in UTF-8.</returns>
    /// <exception cref="InvalidOperationException">The campaign is not planned yet.</exception>
    public static byte[] Write(CampaignState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        return JsonSerializer.SerializeToUtf8Bytes(state.ToSnapshot(Format), SnapshotJson.Default.StateSnapshot);
    }

    /// <summary>Reads a state into an empty one.</summary>
    internal static void Read(ReadOnlySpan<byte> snapshot, CampaignState state)
    {
        var facts = JsonSerializer.Deserialize(snapshot, SnapshotJson.Default.StateSnapshot) ?? throw new JsonException("The snapshot is the word null.");
        if (facts.Format != Format)
        {
            throw new JsonException($"The snapshot is of the format {facts.Format}, and this version reads {Format}: replay the log from its beginning.");
        }

        state.Restore(facts);
    }
}

/// <summary>A circuit breaker.</summary>
internal sealed record CircuitFacts(BreakerStatus Status, bool Unreachable, DateTimeOffset? Until, int Openings, int Probe)
{
    public static CircuitFacts Of(CircuitBreaker circuit) => new(circuit.Status, circuit.Unreachable, circuit.Until, circuit.Openings, circuit.Probe);
}

/// <summary>What is known of a host, in the order of the hosts.</summary>
internal sealed record HostFacts(bool IsLost, CircuitFacts Circuit, int UnreachableInARow, int Failures, int Budget, AgentJournal? Journal, DateTimeOffset JournalTime)
{
    public static HostFacts Of(CampaignHost host) => new(host.IsLost, CircuitFacts.Of(host.Circuit), host.UnreachableInARow, host.Failures, host.Budget, host.Journal, host.JournalTime);
}

/// <summary>What has become of an item. Whatever is as at the beginning is not written: most items of a campaign wait or have ended.</summary>
internal sealed record ItemFacts
{
    public required int Index { get; init; }

    public required ItemStatus Status { get; init; }

    public required string Explanation { get; init; }

    public required string FailureReason { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Attempt { get; init; }

    public Guid? OperationId { get; init; }

    public ItemReadiness? Readiness { get; init; }

    public DateTimeOffset? StartTime { get; init; }

    public DateTimeOffset? EndTime { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public AttemptPhase Phase { get; init; }

    public DateTimeOffset? NextTime { get; init; }

    public DateTimeOffset? Deadline { get; init; }

    public DateTimeOffset? UnreachableDeadline { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int FormerAttempts { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int FailedDeliveries { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int FailedChecks { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int RecheckCount { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int CountedInBudget { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int CountedInHostBudget { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool CancelRequested { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool MayHaveBeenDelivered { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool WasAccepted { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool FailsUnlessDone { get; init; }

    public AgentJournal? Journal { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool ClaimsFirst { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsFenced { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsStalled { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsUnknownUnlessDone { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsUnsettled { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool RecheckRequested { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool SkippedByPerson { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool DependenciesLifted { get; init; }

    /// <summary>Whether nothing has happened to the item.</summary>
    [JsonIgnore]
    public bool IsUntouched => this == new ItemFacts { Index = Index, Status = ItemStatus.Pending, Explanation = string.Empty, FailureReason = string.Empty };

    public static ItemFacts Of(CampaignItem item) => new()
    {
        Index = item.Index,
        Status = item.Status,
        Explanation = item.Explanation,
        FailureReason = item.FailureReason,
        Attempt = item.Attempt,
        OperationId = item.OperationId,
        Readiness = item.Readiness,
        StartTime = item.StartTime,
        EndTime = item.EndTime,
        Phase = item.Phase,
        NextTime = item.NextTime,
        Deadline = item.Deadline,
        UnreachableDeadline = item.UnreachableDeadline,
        FormerAttempts = item.FormerAttempts,
        FailedDeliveries = item.FailedDeliveries,
        FailedChecks = item.FailedChecks,
        RecheckCount = item.RecheckCount,
        CountedInBudget = item.CountedInBudget,
        CountedInHostBudget = item.CountedInHostBudget,
        CancelRequested = item.CancelRequested,
        MayHaveBeenDelivered = item.MayHaveBeenDelivered,
        WasAccepted = item.WasAccepted,
        FailsUnlessDone = item.FailsUnlessDone,
        Journal = item.Journal,
        ClaimsFirst = item.ClaimsFirst,
        IsFenced = item.IsFenced,
        IsStalled = item.IsStalled,
        IsUnknownUnlessDone = item.IsUnknownUnlessDone,
        IsUnsettled = item.IsUnsettled,
        RecheckRequested = item.RecheckRequested,
        SkippedByPerson = item.SkippedByPerson,
        DependenciesLifted = item.DependenciesLifted,
    };

    public void ApplyTo(CampaignItem item)
    {
        item.Explanation = Explanation;
        item.FailureReason = FailureReason;
        item.Attempt = Attempt;
        item.OperationId = OperationId;
        item.Readiness = Readiness;
        item.StartTime = StartTime;
        item.EndTime = EndTime;
        item.FormerAttempts = FormerAttempts;
        item.FailedDeliveries = FailedDeliveries;
        item.FailedChecks = FailedChecks;
        item.RecheckCount = RecheckCount;
        item.CountedInBudget = CountedInBudget;
        item.CountedInHostBudget = CountedInHostBudget;
        item.CancelRequested = CancelRequested;
        item.MayHaveBeenDelivered = MayHaveBeenDelivered;
        item.WasAccepted = WasAccepted;
        item.FailsUnlessDone = FailsUnlessDone;
        item.Journal = Journal;
        item.ClaimsFirst = ClaimsFirst;
        item.IsFenced = IsFenced;
        item.IsStalled = IsStalled;
        item.IsUnknownUnlessDone = IsUnknownUnlessDone;
        item.IsUnsettled = IsUnsettled;
        item.RecheckRequested = RecheckRequested;
        item.SkippedByPerson = SkippedByPerson;
        item.DependenciesLifted = DependenciesLifted;
    }
}

/// <summary>One cause why a campaign is paused, and whether it ends by itself.</summary>
internal sealed record PauseFacts(PauseCause Cause, bool Automatic);

/// <summary>What is known of a site, in the order of the sites.</summary>
internal sealed record SiteFacts(CircuitFacts Circuit, IReadOnlyList<int> FailingHosts, IReadOnlyList<int> SilentHosts)
{
    public static SiteFacts Of(CampaignSite site) => new(CircuitFacts.Of(site.Circuit), [.. site.FailingHosts], [.. site.SilentHosts]);
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(StateSnapshot))]
internal sealed partial class SnapshotJson : JsonSerializerContext;

/// <summary>What of a campaign's state does not follow from the rest: counts, indexes and timers are made anew.</summary>
internal sealed record StateSnapshot
{
    public required int Format { get; init; }

    public required long Version { get; init; }

    public required Guid Uid { get; init; }

    public required CampaignSpec Spec { get; init; }

    public required string Document { get; init; }

    public required CampaignStatus Status { get; init; }

    public required string StatusReason { get; init; }

    public required long Epoch { get; init; }

    public required long Revision { get; init; }

    public required string CreatedBy { get; init; }

    public required DateTimeOffset CreateTime { get; init; }

    public required string StartedBy { get; init; }

    public DateTimeOffset? StartTime { get; init; }

    public DateTimeOffset? EndTime { get; init; }

    public required IReadOnlyList<PauseFacts> Pauses { get; init; }

    public required int Budget { get; init; }

    public required int Failures { get; init; }

    public required IReadOnlyList<DateTimeOffset> FailureTimes { get; init; }

    public required IReadOnlyList<PlannedDependency> Dependencies { get; init; }

    public PlanNotes? Notes { get; init; }

    public required IReadOnlyList<PlannedItem> Plan { get; init; }

    /// <summary>The items to which something has happened.</summary>
    public required IReadOnlyList<ItemFacts> Items { get; init; }

    public required IReadOnlyList<HostFacts> Hosts { get; init; }

    public required IReadOnlyList<SiteFacts> Sites { get; init; }

    public required IReadOnlyList<WaveFacts> Waves { get; init; }
}

/// <summary>What has become of a wave, in the order of the waves.</summary>
internal sealed record WaveFacts(
    WaveStatus Status,
    string? ApprovedBy,
    string? RejectedBy,
    DateTimeOffset? SoakEndTime,
    DateTimeOffset? StartTime,
    DateTimeOffset? EndTime,
    bool GatePassed,
    int RampBound,
    int RampSuccesses)
{
    public static WaveFacts Of(CampaignWave wave) => new(
        wave.Status, wave.ApprovedBy, wave.RejectedBy, wave.SoakEndTime, wave.StartTime, wave.EndTime, wave.GatePassed, wave.RampBound, wave.RampSuccesses);
}
