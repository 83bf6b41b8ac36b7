using HostAgent.Campaigns.Planning;

namespace HostAgent.Campaigns.Forecast;

/// <summary>A campaign's run in virtual time.</summary>
public sealed record CampaignForecast
{
    /// <summary>From start to end; null when an input is missing or the campaign does not end without a person.</summary>
    public DurationBand? Duration { get; init; }

    /// <summary>What the durations are based on, in words; empty without one.</summary>
    public string Basis { get; init; } = string.Empty;

    /// <summary>The number of runs.</summary>
    public int Runs { get; init; }

    /// <summary>When each wave runs; waves that are not reached are left out.</summary>
    public IReadOnlyList<ForecastWave> Waves { get; init; } = [];

    /// <summary>The peak of each limit.</summary>
    public IReadOnlyList<ForecastLimit> Limits { get; init; } = [];

    /// <summary>The effect of raising each limit that was reached, most effective first.</summary>
    public IReadOnlyList<ForecastChange> Changes { get; init; } = [];

    /// <summary>What determines the duration, in one sentence; empty without a duration.</summary>
    public string Bottleneck { get; init; } = string.Empty;

    /// <summary>Whether every machine is home by the request's deadline; null without a deadline or without a duration.</summary>
    public ForecastDeadline? Deadline { get; init; }

    /// <summary>The assumptions made, one sentence each.</summary>
    public IReadOnlyList<string> Assumed { get; init; } = [];

    /// <summary>Why the campaign does not end without a person; empty when it does.</summary>
    public string Stuck { get; init; } = string.Empty;

    /// <summary>Missing inputs that would have to be invented; empty when none are missing.</summary>
    public IReadOnlyList<MissingFact> Missing { get; init; } = [];
}

/// <summary>The peak of a limit in the median run, over all hosts, sites, links or tenants that it counts separately.</summary>
/// <param name="Limit">campaign, host, site, link, tenant or switch; agent for the agents' own limit.</param>
/// <param name="Allowed">The number allowed; the highest where hosts differ.</param>
/// <param name="Peak">The highest number in flight at once on any of them.</param>
/// <param name="Keys">How many hosts, sites, links or tenants there are; 1 for the campaign.</param>
/// <param name="Full">How many of them were full at some point.</param>
public sealed record ForecastLimit(string Limit, int Allowed, int Peak, int Keys, int Full);

/// <summary>The effect of changing one limit, found by running the campaign with the change.</summary>
/// <param name="Limit">campaign, host, site, link, tenant, switch, ramp, agent or bandwidth; several with a plus sign between them.</param>
/// <param name="Description">The change in words, for example <c>limits.host 4 → 8</c>.</param>
/// <param name="Duration">The P50 duration with the change; P90 for a deadline.</param>
public sealed record ForecastChange(string Limit, string Description, TimeSpan Duration);

/// <summary>Whether a campaign ends by a time.</summary>
/// <param name="HomeBy">The time that was asked about.</param>
/// <param name="IsMet">Whether nine of ten runs end by then as planned.</param>
/// <param name="Change">The smallest change of a limit that does it, with the duration of the run that nine of ten are no longer than; null when none is needed, or none does.</param>
/// <param name="Answer">The answer in words.</param>
public sealed record ForecastDeadline(DateTimeOffset HomeBy, bool IsMet, ForecastChange? Change, string Answer);

/// <summary>A running campaign's remaining time.</summary>
/// <param name="Band">From the time of the request to the end.</param>
/// <param name="Basis">What it is based on, in words.</param>
/// <param name="Asked">The time of the request.</param>
public sealed record RemainingTime(DurationBand Band, string Basis, DateTimeOffset Asked)
{
    /// <summary>What remains at a later time; never below zero: a campaign that exceeds its estimate is not over.</summary>
    public DurationBand LeftAt(DateTimeOffset now)
    {
        var passed = now - Asked;
        return new DurationBand(Left(Band.P50), Left(Band.P90));

        TimeSpan Left(TimeSpan whole) => whole > passed ? whole - passed : TimeSpan.Zero;
    }
}

/// <summary>An input without which a duration would be invented.</summary>
/// <param name="What">The input, for example <c>disk size</c>.</param>
/// <param name="Explanation">One sentence: why it is unknown, and how to provide it.</param>
/// <param name="Count">How many machines lack it; 0 when it does not belong to machines.</param>
/// <param name="Examples">The first such machines by name and host, at most ten.</param>
public sealed record MissingFact(string What, string Explanation, int Count, IReadOnlyList<string> Examples);
