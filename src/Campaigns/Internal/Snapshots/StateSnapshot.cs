using HostAgent.Campaigns.Planning;
using HostAgent.Campaigns.Spec;
using HostAgent.Campaigns.States;

namespace HostAgent.Campaigns.Internal.Snapshots;

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
