using HostAgent.Campaigns.Planning;
using HostAgent.Contracts.Campaigns.V1;

namespace HostAgent.Coordinator.Watching;

/// <summary>A campaign as it durably stands, without its items.</summary>
internal sealed record HeaderView
{
    /// <summary>The version of its stream.</summary>
    public required long Version { get; init; }

    /// <summary>Which document it is; the items are those of this one.</summary>
    public long Revision { get; init; }

    /// <summary>Where it stands.</summary>
    public required CampaignState State { get; init; }

    /// <summary>Why it is paused.</summary>
    public PauseCause PauseCause { get; init; }

    /// <summary>One sentence about the state.</summary>
    public string Explanation { get; init; } = string.Empty;

    /// <summary>The labels of its document.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>When it was or will be started; null when neither.</summary>
    public DateTimeOffset? StartTime { get; init; }

    /// <summary>When it became terminal; null before.</summary>
    public DateTimeOffset? EndTime { get; init; }

    /// <summary>Its waves in order.</summary>
    public required IReadOnlyList<WaveView> Waves { get; init; }

    /// <summary>What its plan left out and warned of.</summary>
    public PlanNotes Notes { get; init; } = PlanNotes.None;

    /// <summary>Whether nothing happens to it any more by itself.</summary>
    public bool IsTerminal => State is CampaignState.Completed or CampaignState.CompletedWithFailures or CampaignState.Stopped;
}
