using HostAgent.Campaigns.Forecast;
using HostAgent.Campaigns.Planning;
using HostAgent.Campaigns.Spec;
using HostAgent.Coordinator.Agents;
using HostAgent.Coordinator.Runs;

namespace HostAgent.Coordinator.Planning;

/// <summary>Forecasts a plan from the rates measured by campaigns and the agents' own limits.</summary>
internal sealed class CampaignForecasts(MeasuredRates rates, AgentRegistry registry) : IStartForecasts, IDisposable
{
    // A forecast of a large estate takes seconds of CPU time and a few hundred megabytes: one at a time.
    private readonly SemaphoreSlim _turn = new(1, 1);

    /// <summary>Forecasts a plan for a start time.</summary>
    public async Task<CampaignForecast> ForecastAsync(
        CampaignSpec spec, CampaignPlan plan, ForecastAssumptions assumptions, DateTimeOffset start, DateTimeOffset? homeBy, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            var request = new ForecastRequest
            {
                Spec = spec,
                Plan = plan,
                StartTime = start,
                HomeBy = homeBy,
                Samples = await rates.ReadAsync(cancellationToken),
                AgentLimits = AgentLimits(),
                Assumptions = assumptions,
            };
            return await Task.Run(() => CampaignForecaster.Forecast(request, cancellationToken), cancellationToken);
        }
        finally
        {
            _turn.Release();
        }
    }

    public Task<CampaignForecast> ForecastAsync(CampaignSpec spec, CampaignPlan plan, ForecastAssumptions assumptions, DateTimeOffset start, CancellationToken cancellationToken)
        => ForecastAsync(spec, plan, assumptions, start, homeBy: null, cancellationToken);

    public void Dispose() => _turn.Dispose();

    private Dictionary<string, int> AgentLimits()
    {
        var limits = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        foreach (var connection in registry.ByName)
        {
            if (connection.Status.Agent is { MaxConcurrentFailbacks: > 0 and var limit })
            {
                limits[connection.Host.Name] = limit;
            }
        }

        return limits;
    }
}
