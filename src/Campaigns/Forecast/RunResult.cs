namespace HostAgent.Campaigns.Forecast;

/// <summary>The result of one forecast run.</summary>
internal sealed record RunResult
{
    /// <summary>Its duration; null when it would wait forever.</summary>
    public required TimeSpan? Duration { get; init; }

    /// <summary>Why it would wait forever; empty when it ended.</summary>
    public required string Stuck { get; init; }

    /// <summary>When each wave started and ended, from the start of the run; null for what did not happen.</summary>
    public required IReadOnlyList<(TimeSpan? Start, TimeSpan? End)> Waves { get; init; }

    /// <summary>The peak of each limit of the document.</summary>
    public required IReadOnlyList<ForecastLimit> Limits { get; init; }

    /// <summary>The highest number of concurrent failbacks on each host.</summary>
    public required IReadOnlyList<int> AgentPeaks { get; init; }

    /// <summary>The indexes of the hosts on which something waited for a slot.</summary>
    public required IReadOnlyList<int> AgentsThatQueued { get; init; }

    /// <summary>Whether a link slowed anything down.</summary>
    public required bool LinkWasFull { get; init; }

    /// <summary>How long nothing was in flight.</summary>
    public required TimeSpan Idle { get; init; }

    /// <summary>How many items took longer than the document's item timeout.</summary>
    public required int TimedOut { get; init; }
}
