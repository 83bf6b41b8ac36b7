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
    public const int Format = 3;

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

        try
        {
            state.Restore(facts);
        }
        catch (ArgumentException exception)
        {
            throw new JsonException("The snapshot's items, hosts, sites or waves are not those of its plan: replay the log from its beginning.", exception);
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

/// <summary>What of a campaign's state does not follow from the rest: items, hosts, sites and waves as they are; counts, indexes and timers are made anew.</summary>
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

    public required IReadOnlyDictionary<PauseCause, bool> Pauses { get; init; }

    public required int Budget { get; init; }

    public required int Failures { get; init; }

    public required IReadOnlyList<DateTimeOffset> FailureTimes { get; init; }

    public required IReadOnlyList<PlannedDependency> Dependencies { get; init; }

    public PlanNotes? Notes { get; init; }

    public required IReadOnlyList<PlannedItem> Plan { get; init; }

    /// <summary>The items to which something has happened.</summary>
    public required IReadOnlyList<CampaignItem> Items { get; init; }

    public required IReadOnlyList<CampaignHost> Hosts { get; init; }

    public required IReadOnlyList<CampaignSite> Sites { get; init; }

    public required IReadOnlyList<CampaignWave> Waves { get; init; }
}
