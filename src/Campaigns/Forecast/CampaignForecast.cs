namespace HostAgent.Campaigns.Forecast;

/// <summary>A campaign's run in virtual time.</summary>
public sealed record CampaignForecast
{
    /// <summary>From the start to the end; null when something is missing or the campaign does not end by itself.</summary>
    public DurationBand? Duration { get; init; }

    /// <summary>What the durations rest on, in words; empty without one.</summary>
    public string Basis { get; init; } = string.Empty;

    /// <summary>How often the campaign was run.</summary>
    public int Runs { get; init; }

    /// <summary>When each wave runs; without those that are not reached.</summary>
    public IReadOnlyList<ForecastWave> Waves { get; init; } = [];

    /// <summary>How high each limit is reached.</summary>
    public IReadOnlyList<ForecastLimit> Limits { get; init; } = [];

    /// <summary>What raising each limit that was reached would do, the most effective first.</summary>
    public IReadOnlyList<ForecastChange> Changes { get; init; } = [];

    /// <summary>What decides how long it takes, in one sentence; empty without a duration.</summary>
    public string Bottleneck { get; init; } = string.Empty;

    /// <summary>What was taken for granted, each in one sentence.</summary>
    public IReadOnlyList<string> Assumed { get; init; } = [];

    /// <summary>Why the campaign does not end by itself; empty when it does.</summary>
    public string Stuck { get; init; } = string.Empty;

    /// <summary>What is not known and would have to be invented; empty when nothing is.</summary>
    public IReadOnlyList<MissingFact> Missing { get; init; } = [];
}
