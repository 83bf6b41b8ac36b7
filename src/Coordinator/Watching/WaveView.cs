using HostAgent.Contracts.Campaigns.V1;

namespace HostAgent.Coordinator.Watching;

/// <summary>One wave as it durably stands, without what its hosts say live.</summary>
internal sealed record WaveView
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Where it stands.</summary>
    public WaveState State { get; init; } = WaveState.Pending;

    /// <summary>Its items by state. Never changed after it was handed over.</summary>
    public required ItemCounts Counts { get; init; }

    /// <summary>What its gate still waits for; empty when nothing.</summary>
    public string WaitingFor { get; init; } = string.Empty;

    /// <summary>Who may approve its gate.</summary>
    public IReadOnlyList<string> Approvers { get; init; } = [];

    /// <summary>When it was started; null before.</summary>
    public DateTimeOffset? StartTime { get; init; }

    /// <summary>When its last item became terminal; null before.</summary>
    public DateTimeOffset? EndTime { get; init; }
}
