using HostAgent.Campaigns.Forecast;
using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.States;

namespace HostAgent.Coordinator.Runs;

/// <summary>
/// Keeps the estimate of a campaign's remaining time current, outside its run: one at a time, with a pause after each that grows with
/// its cost, so that estimating a large campaign never takes more than a fiftieth of one processor's time. The run only copies its items, a few thousand in a turn.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="show">Shows an estimate; null for none. Called from any thread.</param>
/// <param name="wake">Wakes the run, which then calls <see cref="Note"/>.</param>
/// <param name="failed">Called on a failure; the campaign continues without an estimate.</param>
internal sealed class RemainingEstimates(TimeProvider time, Action<RemainingTime?> show, Action wake, Action<Exception> failed) : IDisposable
{
    private const int PauseForCost = 50;

    // A fraction of a millisecond.
    private const int ItemsPerTurn = 4096;

    private static readonly TimeSpan ShortestPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan TooEarly = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _lock = new();
    private ITimer? _timer;
    private bool _isWaiting;
    private bool _isNews;
    private bool _isDisposed;

    // Only the run uses it, until it is complete.
    private RemainingPlan? _plan;

    /// <summary>Starts an estimate when one is due and possible. Called only by the run, at the end of each turn.</summary>
    public void Note(CampaignState state)
    {
        // Without a measurement there is nothing to estimate from.
        var isPossible = !state.Status.IsTerminal() && CampaignForecaster.Measured(state) > 0;
        lock (_lock)
        {
            if (_plan is not null && !isPossible)
            {
                _plan = null;
                _isWaiting = false;
            }

            if (!isPossible || _isDisposed)
            {
                return;
            }

            _isNews = _isWaiting;
            if (_isWaiting && _plan is null)
            {
                return;
            }

            _isWaiting = true;
        }

        _plan = _plan?.IsOf(state) == true ? _plan : RemainingPlan.Begin(state);
        if (_plan is null)
        {
            ShowNone();
        }
        else if (_plan.Copy(ItemsPerTurn))
        {
            var (plan, now) = (_plan, time.GetUtcNow());
            _plan = null;
            _ = Task.Run(() => Estimate(plan, now), CancellationToken.None);
        }
        else
        {
            wake();
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

    // Any change that would make it possible wakes the run.
    private void ShowNone()
    {
        show(null);
        Pause(TooEarly, refresh: false);
    }

    private void Estimate(RemainingPlan plan, DateTimeOffset now)
    {
        var begin = time.GetTimestamp();
        try
        {
            if (plan.ToRequest(now) is not { } left)
            {
                ShowNone();
                return;
            }

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
            wake();
        }
    }
}
