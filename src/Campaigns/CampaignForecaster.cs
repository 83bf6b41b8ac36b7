using HostAgent.Campaigns.Forecast;
using HostAgent.Campaigns.States;

namespace HostAgent.Campaigns;

/// <summary>
/// Says how long a campaign would take, by running it: its own machine in virtual time, several times with rates drawn from what was
/// measured or assumed. Never invents a number: what is missing is named instead.
/// </summary>
public static class CampaignForecaster
{
    /// <summary>Forecasts a campaign. The same arguments give the same forecast.</summary>
    /// <param name="request">The campaign, and what is known.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    /// <returns>The forecast, or what is missing for one.</returns>
    /// <exception cref="OperationCanceledException">It was ended early.</exception>
    public static CampaignForecast Forecast(ForecastRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var missing = MissingFacts.Of(request);
        if (missing.Count > 0)
        {
            return new CampaignForecast { Missing = missing };
        }

        var runs = new ForecastRuns(request, cancellationToken);
        var results = runs.All();
        var forecast = new CampaignForecast { Runs = results.Count, Assumed = ForecastTexts.Assumed(request) };
        if (results.FirstOrDefault(result => result.Duration is null) is { } stuck)
        {
            return forecast with { Stuck = ForecastTexts.Stuck(results, stuck), Waves = Bands.OfWaves(request.Plan, results), Limits = stuck.Limits };
        }

        var median = Bands.MedianRun(results);
        var band = Bands.Of(results.Select(result => result.Duration!.Value));
        var (changes, bottleneck) = new Bottleneck(request, runs, median, results[median]).Find();
        return forecast with
        {
            Duration = band,
            Basis = ForecastTexts.Basis(request),
            Waves = Bands.OfWaves(request.Plan, results),
            Limits = runs.LimitsOf(results[median]),
            Changes = changes,
            Bottleneck = bottleneck,
        };
    }

    /// <summary>
    /// Prepares the question how long a running campaign still takes. It copies what it needs, so that the answer can be found while
    /// the campaign goes on. Costs O(items), and nothing before three items have succeeded.
    /// </summary>
    /// <param name="state">The campaign.</param>
    /// <param name="now">The time.</param>
    /// <returns>The question for <see cref="Remaining"/>; null while too little was measured, or a person decides when it goes on.</returns>
    public static ForecastRequest? WhatIsLeft(CampaignState state, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(state);
        return RemainingPlan.Of(state, now);
    }

    /// <summary>Says how long a running campaign still takes.</summary>
    /// <param name="request">What <see cref="WhatIsLeft"/> gave.</param>
    /// <param name="now">The time that was given there.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    /// <returns>The time; null when it would not end by itself.</returns>
    /// <exception cref="OperationCanceledException">It was ended early.</exception>
    public static RemainingTime? Remaining(ForecastRequest request, DateTimeOffset now, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var results = new ForecastRuns(request, cancellationToken).All();
        var wait = request.StartTime - now;
        return results.Any(result => result.Duration is null)
            ? null
            : new RemainingTime(Bands.Of(results.Select(result => wait + result.Duration!.Value)), ForecastTexts.Basis(request), now);
    }
}
