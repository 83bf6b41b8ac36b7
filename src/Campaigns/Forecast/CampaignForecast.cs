using System.Runtime.InteropServices;

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

/// <summary>When one wave runs, counted from the campaign's start. Its gate is not part of it.</summary>
/// <param name="Name">The wave's name.</param>
/// <param name="Start">When it starts.</param>
/// <param name="End">When its last item has ended.</param>
public sealed record ForecastWave(string Name, DurationBand Start, DurationBand End);

/// <summary>How high a limit is reached in the run of median length, over all that it counts separately.</summary>
/// <param name="Limit">campaign, host, site, link or tenant; agent for the hosts' own bound.</param>
/// <param name="Allowed">The number allowed; where hosts differ, the highest.</param>
/// <param name="Peak">The highest number in flight at once in any of them.</param>
/// <param name="Keys">How many hosts, sites, links or tenants there are; 1 for the campaign.</param>
/// <param name="Full">How many of them were full at some time.</param>
public sealed record ForecastLimit(string Limit, int Allowed, int Peak, int Keys, int Full);

/// <summary>What a change of one limit would do, found by running the campaign with it.</summary>
/// <param name="Limit">campaign, host, site, link, tenant, ramp, agent or bandwidth; several with a plus sign between them.</param>
/// <param name="Description">The change in words, for example <c>limits.host 4 → 8</c>.</param>
/// <param name="Duration">The duration that half of the runs would keep.</param>
public sealed record ForecastChange(string Limit, string Description, TimeSpan Duration);

/// <summary>A time from the start, as a band.</summary>
/// <param name="P50">Half of the runs are at most this long.</param>
/// <param name="P90">Nine of ten runs are at most this long.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct DurationBand(TimeSpan P50, TimeSpan P90);

/// <summary>How long a running campaign still takes.</summary>
/// <param name="Band">From when it was asked for to the end.</param>
/// <param name="Basis">What it rests on, in words.</param>
/// <param name="Asked">When it was asked for.</param>
public sealed record RemainingTime(DurationBand Band, string Basis, DateTimeOffset Asked)
{
    /// <summary>What is left of it later; never below zero, since a campaign that takes longer than was estimated is not over.</summary>
    public DurationBand LeftAt(DateTimeOffset now)
    {
        var passed = now - Asked;
        return new DurationBand(Left(Band.P50), Left(Band.P90));

        TimeSpan Left(TimeSpan whole) => whole > passed ? whole - passed : TimeSpan.Zero;
    }
}

/// <summary>Something without which a duration would be invented.</summary>
/// <param name="What">What it is, for example <c>disk size</c>.</param>
/// <param name="Explanation">One sentence: why it is not known, and what would make it known.</param>
/// <param name="Count">For how many machines it is missing; 0 when it does not belong to machines.</param>
/// <param name="Examples">The first of them by name and host, at most ten.</param>
public sealed record MissingFact(string What, string Explanation, int Count, IReadOnlyList<string> Examples);
