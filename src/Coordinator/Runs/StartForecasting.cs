using HostAgent.Campaigns.Forecast;
using HostAgent.Campaigns.Planning;
using HostAgent.Campaigns.Spec;
using HostAgent.Campaigns.States;
using HostAgent.Coordinator.Dispatch;

namespace HostAgent.Coordinator.Runs;

/// <summary>Makes the forecast of a campaign that has been started.</summary>
internal interface IStartForecasts
{
    /// <summary>Forecasts a plan for the time of its start, from what has been measured and what may be assumed.</summary>
    Task<CampaignForecast> ForecastAsync(CampaignSpec spec, CampaignPlan plan, ForecastAssumptions assumptions, DateTimeOffset start, CancellationToken cancellationToken);
}

/// <summary>
/// Makes the forecast of a campaign's start, once, outside its run. Where too little is known there is none: nothing is invented, and nothing waits for it.
/// </summary>
/// <param name="forecasts">Makes it.</param>
/// <param name="made">Called with it, from any thread.</param>
/// <param name="failed">Called on a failure; the campaign continues without a forecast.</param>
internal sealed class StartForecasting(IStartForecasts forecasts, Func<StartForecast, CancellationToken, ValueTask> made, Action<Exception> failed) : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private Task? _forecast;

    /// <summary>Begins when the campaign has been started. Called only by the run, at the end of each turn.</summary>
    public void Note(CampaignState state)
    {
        if (_forecast is null && state.AwaitsForecast)
        {
            var (spec, plan, assumptions, start) = (state.Spec!, CampaignForecaster.PlanOf(state), state.Assumptions ?? ForecastAssumptions.None, state.StartTime!.Value);
            _forecast = Task.Run(() => ForecastAsync(spec, plan, assumptions, start), CancellationToken.None);
        }
        else if (_forecast is { IsCompleted: false } && !state.AwaitsForecast)
        {
            // An item has ended: nobody would take it any more, and it costs seconds of processor time just when the campaign needs them.
            _stopping.Cancel();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await (_forecast ?? Task.CompletedTask);
        _stopping.Dispose();
    }

    private async Task ForecastAsync(CampaignSpec spec, CampaignPlan plan, ForecastAssumptions assumptions, DateTimeOffset start)
    {
        try
        {
            var forecast = await forecasts.ForecastAsync(spec, plan, assumptions, start, _stopping.Token);
            if (forecast.Duration is { } duration)
            {
                await made(new StartForecast(duration, forecast.Basis, forecast.Waves), _stopping.Token);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or RunClosedException)
        {
            // It comes too late, or the campaign is being closed. When it is opened again, and nothing has ended, the forecast is made then.
            return;
        }
        catch (Exception exception)
        {
            failed(exception);
        }
    }
}
