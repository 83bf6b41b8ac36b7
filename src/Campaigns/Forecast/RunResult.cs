namespace HostAgent.Campaigns.Forecast;

/// <summary>How one run of a forecast went.</summary>
internal sealed record RunResult
{
    /// <summary>How long it took; null when it would wait for ever.</summary>
    public required TimeSpan? Duration { get; init; }

    /// <summary>Why it would wait for ever; empty when it ended.</summary>
    public required string Stuck { get; init; }

    /// <summary>When each wave started and ended, from the start of the run; null what did not happen.</summary>
    public required IReadOnlyList<(TimeSpan? Start, TimeSpan? End)> Waves { get; init; }

    /// <summary>How high each limit of the document was reached.</summary>
    public required IReadOnlyList<ForecastLimit> Limits { get; init; }

    /// <summary>The highest number that ran at once on each host.</summary>
    public required IReadOnlyList<int> AgentPeaks { get; init; }

    /// <summary>The positions of the hosts on which something waited for a place.</summary>
    public required IReadOnlyList<int> AgentsThatQueued { get; init; }

    /// <summary>Whether a link slowed anything down.</summary>
    public required bool LinkWasFull { get; init; }

    /// <summary>How long nothing was in flight.</summary>
    public required TimeSpan Idle { get; init; }

    /// <summary>How many items took longer than the document's timeout.</summary>
    public required int TimedOut { get; init; }
}
