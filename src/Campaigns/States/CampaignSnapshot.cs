using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization;
using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.Planning;
using HostAgent.Campaigns.Spec;

namespace HostAgent.Campaigns.States;

/// <summary>
/// A campaign's state as bytes, so that a long log need not be replayed from the start. A snapshot is only an optimisation:
/// if it cannot be read, the log is replayed.
/// </summary>
public static class CampaignSnapshot
{
    /// <summary>The format that this version writes and reads. Incremented with every change to the content of a state, or to how events are folded.</summary>
    public const int Format = 8;

    /// <summary>Writes a state. The same log gives the same bytes.</summary>
    /// <param name="state">The state of a planned campaign, between two decisions.</param>
    /// <returns>One JSON object in UTF-8.</returns>
    /// <exception cref="InvalidOperationException">The campaign has not been planned.</exception>
    public static byte[] Write(CampaignState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        return JsonSerializer.SerializeToUtf8Bytes(state.ToSnapshot(Format), SnapshotJson.Default.StateSnapshot);
    }

    /// <summary>Writes a state to where the caller wants it: it is megabytes, and memory of its own would be garbage at once.</summary>
    /// <param name="state">The state of a planned campaign, between two decisions.</param>
    /// <param name="output">Receives one JSON object in UTF-8, the bytes of <see cref="Write(CampaignState)"/>.</param>
    /// <exception cref="InvalidOperationException">The campaign has not been planned.</exception>
    public static void Write(CampaignState state, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(state);
        using var json = new Utf8JsonWriter(output, new JsonWriterOptions { SkipValidation = true });
        JsonSerializer.Serialize(json, state.ToSnapshot(Format), SnapshotJson.Default.StateSnapshot);
    }

    /// <summary>Reads a state into an empty one.</summary>
    internal static void Read(ReadOnlySpan<byte> snapshot, CampaignState state)
    {
        var facts = JsonSerializer.Deserialize(snapshot, SnapshotJson.Default.StateSnapshot) ?? throw new JsonException("The snapshot is null.");
        if (facts.Format != Format)
        {
            throw new JsonException($"The snapshot has format {facts.Format}, and this version reads format {Format}: replay the log from the start.");
        }

        try
        {
            state.Restore(facts);
        }
        catch (ArgumentException exception)
        {
            throw new JsonException("The snapshot's items, hosts, sites or waves do not match its plan: replay the log from the start.", exception);
        }
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    IgnoreReadOnlyProperties = true,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(StateSnapshot))]
internal sealed partial class SnapshotJson : JsonSerializerContext;

/// <summary>The part of a campaign's state that does not follow from the rest: items, hosts, sites and waves; counts, indexes and timers are rebuilt.</summary>
internal sealed record StateSnapshot
{
    public required int Format { get; init; }

    public required long Version { get; init; }

    public required Guid Uid { get; init; }

    public required CampaignSpec Spec { get; init; }

    public required string Document { get; init; }

    public required CampaignStatus Status { get; init; }

    public required string StatusReason { get; init; }

    public bool TakesBack { get; init; }

    public required long Epoch { get; init; }

    public required long Revision { get; init; }

    public required string CreatedBy { get; init; }

    public required DateTimeOffset CreateTime { get; init; }

    public required string StartedBy { get; init; }

    public DateTimeOffset? StartTime { get; init; }

    public ForecastAssumptions? Assumptions { get; init; }

    public StartForecast? Forecast { get; init; }

    public DateTimeOffset? EndTime { get; init; }

    public DateTimeOffset LastEventTime { get; init; }

    public DateTimeOffset? DueRun { get; init; }

    public string? LastRun { get; init; }

    public string? LeftOutRun { get; init; }

    public required IReadOnlyDictionary<PauseCause, bool> Pauses { get; init; }

    /// <summary>The phases of pairs whose window is closed, and when each opens; null for none.</summary>
    public IReadOnlyDictionary<PairPhase, DateTimeOffset>? ClosedPhases { get; init; }

    public required int Budget { get; init; }

    public required int Failures { get; init; }

    public required IReadOnlyList<DateTimeOffset> FailureTimes { get; init; }

    public required IReadOnlyList<PlannedDependency> Dependencies { get; init; }

    public IReadOnlyList<PlannedSet>? Together { get; init; }

    public PlanNotes? Notes { get; init; }

    /// <summary>Every item's plan. Read from the state while it is written, as the items are: lists of them would be large.</summary>
    public required IEnumerable<PlannedItem> Plan { get; init; }

    /// <summary>The items that have had events.</summary>
    public required IEnumerable<CampaignItem> Items { get; init; }

    public required IReadOnlyList<CampaignHost> Hosts { get; init; }

    public required IReadOnlyList<CampaignSite> Sites { get; init; }

    public required IReadOnlyList<CampaignWave> Waves { get; init; }
}
