namespace HostAgent.Coordinator.Runs;

/// <summary>The single timer of a campaign's run.</summary>
internal sealed class RunTimer : IDisposable
{
    // Setting the clock does not move a system timer: a wait for a time of day has to look at the clock now and then.
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly Action _elapsed;
    private int _isElapsed;

    /// <summary>Creates the timer, not set.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="elapsed">Called when the time has come; must not block.</param>
    public RunTimer(TimeProvider time, Action elapsed)
    {
        _time = time;
        _elapsed = elapsed;
        _timer = time.CreateTimer(_ => Elapse(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Sets the time; replaces the previous one.</summary>
    public void Set(DateTimeOffset time)
    {
        var wait = time - _time.GetUtcNow();

        // Rounded up: a timer that fires slightly early would find nothing due and would have to be set again.
        wait = wait <= TimeSpan.Zero ? TimeSpan.Zero : wait + TimeSpan.FromMilliseconds(1);
        _timer.Change(wait < LongestWait ? wait : LongestWait, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Returns true once after the time has come.</summary>
    public bool TakeElapsed() => Interlocked.Exchange(ref _isElapsed, 0) != 0;

    public void Dispose() => _timer.Dispose();

    private void Elapse()
    {
        Volatile.Write(ref _isElapsed, 1);
        _elapsed();
    }
}
