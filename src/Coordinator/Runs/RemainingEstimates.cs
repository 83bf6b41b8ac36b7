using HostAgent.Campaigns;
using HostAgent.Campaigns.Forecast;
using HostAgent.Campaigns.States;

namespace HostAgent.Coordinator.Runs;

/// <summary>
/// Keeps an estimate of a campaign's remaining time fresh, beside its run: one at a time, and with a pause after each that grows with
/// what it cost, so that estimating a large campaign never takes more than a fiftieth of a processor's time.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="show">Shows an estimate; null for none. Called from any thread.</param>
/// <param name="nudge">Makes the run look again, and so call <see cref="Note"/>.</param>
/// <param name="failed">Hears of a failure; the campaign goes on without an estimate.</param>
internal sealed class RemainingEstimates(TimeProvider time, Action<RemainingTime?> show, Action nudge, Action<Exception> failed) : IDisposable
{
    private const int PauseForCost = 50;
    private static readonly TimeSpan ShortestPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan TooEarly = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _lock = new();
    private ITimer? _timer;
    private bool _isWaiting;
    private bool _isNews;
    private bool _isDisposed;

    /// <summary>Looks at the campaign; begins an estimate when one is due and possible. Called by the run alone, after everything it does.</summary>
    public void Note(CampaignState state)
    {
        // What follows costs as much as there are items: before anything has succeeded there is nothing to ask.
        if (state.Status.IsTerminal() || state.Counts[ItemStatus.Succeeded] + state.Counts[ItemStatus.SucceededWithWarnings] == 0)
        {
            return;
        }

        lock (_lock)
        {
            _isNews = _isWaiting;
            if (_isWaiting || _isDisposed)
            {
                return;
            }

            _isWaiting = true;
        }

        var now = time.GetUtcNow();
        if (CampaignForecaster.WhatIsLeft(state, now) is { } left)
        {
            _ = Task.Run(() => Estimate(left, now), CancellationToken.None);
        }
        else
        {
            // Whatever would make it possible is news that the run hears of.
            show(null);
            Pause(TooEarly, refresh: false);
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
            _timer?.Dispose();
            _stopping.Cancel();
            _stopping.Dispose();
        }
    }

    private void Estimate(ForecastRequest left, DateTimeOffset now)
    {
        var begin = time.GetTimestamp();
        try
        {
            show(CampaignForecaster.Remaining(left, now, _stopping.Token));
        }
        catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException)
        {
            return;
        }
        catch (Exception exception)
        {
            failed(exception);
        }

        var pause = time.GetElapsedTime(begin) * PauseForCost;
        Pause(pause > ShortestPause ? pause : ShortestPause, refresh: true);
    }

    private void Pause(TimeSpan pause, bool refresh)
    {
        lock (_lock)
        {
            if (!_isDisposed)
            {
                _timer?.Dispose();
                _timer = time.CreateTimer(_ => LookAgain(refresh), null, pause, Timeout.InfiniteTimeSpan);
            }
        }
    }

    private void LookAgain(bool refresh)
    {
        bool isDue;
        lock (_lock)
        {
            _isWaiting = false;
            isDue = refresh || _isNews;
        }

        if (isDue)
        {
            nudge();
        }
    }
}
