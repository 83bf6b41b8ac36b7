using HostAgent.Campaigns.Planning;
using HostAgent.Campaigns.States;

namespace HostAgent.Campaigns.Forecast;

/// <summary>
/// Forecasts how long a campaign takes by running it: the real machine in virtual time, several times, with rates drawn from
/// measurements or assumptions. Never invents a number; missing inputs are listed instead.
/// </summary>
public static class CampaignForecaster
{
    /// <summary>Forecasts a campaign. The same arguments give the same forecast.</summary>
    /// <param name="request">The campaign and the known inputs.</param>
    /// <param name="cancellationToken">Cancels the forecast.</param>
    /// <returns>The forecast, or the inputs that are missing.</returns>
    /// <exception cref="OperationCanceledException">The forecast was cancelled.</exception>
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
            Deadline = request.HomeBy is { } wanted ? new HomeBy(request, runs, results).Answer(wanted, band) : null,
        };
    }

    /// <summary>The plan that a campaign was made with, to forecast it by. Costs O(items).</summary>
    /// <param name="state">The campaign.</param>
    /// <returns>The plan, without what it left out.</returns>
    public static CampaignPlan PlanOf(CampaignState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        return new CampaignPlan(
            [.. state.Waves.Select(wave => new PlannedWave(wave.Spec.Name, wave.Counts.Total, 0, string.Empty))],
            [.. state.Items.Select(item => item.Planned)],
            [.. state.Dependencies.Select(dependency => dependency.Planned)],
            [],
            [],
            [])
        {
            Together = [.. state.Sets.Select(set => set.Planned)],
        };
    }

    /// <summary>At most how many items of a campaign have been measured; none costs nothing to find out.</summary>
    /// <param name="state">The campaign.</param>
    /// <returns>The number; below three there is no <see cref="WhatIsLeft"/>.</returns>
    public static int Measured(CampaignState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        return RemainingPlan.Measured(state);
    }

    /// <summary>
    /// Prepares the request for a running campaign's remaining time. Copies what it needs, so that the forecast can run while
    /// the campaign continues. Costs O(items), and nothing before three items have been measured; <see cref="RemainingPlan"/> does the same in pieces.
    /// </summary>
    /// <param name="state">The campaign.</param>
    /// <param name="now">The time.</param>
    /// <returns>The request for <see cref="Remaining"/>; null while too little has been measured, or while a person must act before it continues.</returns>
    public static ForecastRequest? WhatIsLeft(CampaignState state, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (RemainingPlan.Begin(state) is not { } plan)
        {
            return null;
        }

        plan.Copy(state.Items.Count);
        return plan.ToRequest(now);
    }

    /// <summary>Forecasts a running campaign's remaining time.</summary>
    /// <param name="request">The result of <see cref="WhatIsLeft"/>.</param>
    /// <param name="now">The time passed to <see cref="WhatIsLeft"/>.</param>
    /// <param name="cancellationToken">Cancels the forecast.</param>
    /// <returns>The time; null when the campaign would not end without a person.</returns>
    /// <exception cref="OperationCanceledException">The forecast was cancelled.</exception>
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
