using HostAgent.Campaigns.Forecast;
using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.States;

namespace HostAgent.Coordinator.Runs;

/// <summary>
/// Keeps the estimate of a campaign's remaining time current, outside its run: one at a time, with a pause after each that grows with
/// its cost, so that estimating a large campaign never takes more than a fiftieth of one processor's time. The run only copies its items, a few thousand in a turn.
/// The first one is made a while after the campaign's start, when most of its calls have been sent, and one that is not ready when the campaign ends is given up.
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

    private static readonly TimeSpan FirstAfter = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ShortestPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan TooEarly = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private ITimer? _timer;
    private bool _isWaiting;
    private bool _isNews;
    private bool _isDisposed;
    private CancellationTokenSource? _estimating;

    // Only the run uses it, until it is complete.
    private RemainingPlan? _plan;

    /// <summary>Starts an estimate when one is due and possible. Called only by the run, at the end of each turn.</summary>
    public void Note(CampaignState state)
    {
        // Without a measurement there is nothing to estimate from.
        var isPossible = !state.Status.IsTerminal() && CampaignForecaster.Measured(state) > 0;
        lock (_lock)
        {
            if (!isPossible)
            {
                _estimating?.Cancel();
                _isWaiting &= _plan is null;
                _plan = null;
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

        var now = time.GetUtcNow();
        if (state.StartTime + FirstAfter - now is { } wait && wait > TimeSpan.Zero)
        {
            Pause(wait, refresh: true);
            return;
        }

        _plan = _plan?.IsOf(state) == true ? _plan : RemainingPlan.Begin(state);
        if (_plan is null)
        {
            ShowNone();
        }
        else if (_plan.Copy(ItemsPerTurn))
        {
            var plan = _plan;
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
            _estimating?.Cancel();
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
        using var ending = new CancellationTokenSource();
        if (!Begin(ending))
        {
            return;
        }

        try
        {
            if (plan.ToRequest(now) is not { } left)
            {
                ShowNone();
                return;
            }

            show(CampaignForecaster.Remaining(left, now, ending.Token));
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // If it goes on again, so do the estimates.
            LookAgain(refresh: false);
            return;
        }
        catch (Exception exception)
        {
            failed(exception);
        }
        finally
        {
            lock (_lock)
            {
                _estimating = null;
            }
        }

        var pause = time.GetElapsedTime(begin) * PauseForCost;
        Pause(pause > ShortestPause ? pause : ShortestPause, refresh: true);
    }

    private bool Begin(CancellationTokenSource estimating)
    {
        lock (_lock)
        {
            _estimating = _isDisposed ? null : estimating;
            return !_isDisposed;
        }
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
            isDue = !_isDisposed && (refresh || _isNews);
        }

        if (isDue)
        {
            wake();
        }
    }
}
