namespace HostAgent.Coordinator.Runs;

/// <summary>Detects that the clock was set forward or that the machine slept: timers that look overdue were not really waited for.</summary>
/// <param name="time">The wall clock, and the monotonic timestamp that is not affected by setting it.</param>
internal sealed class ClockJumps(TimeProvider time)
{
    // A clock that is slewed drifts by less than this between two checks.
    private static readonly TimeSpan Tolerated = TimeSpan.FromMinutes(1);

    private DateTimeOffset _looked = time.GetUtcNow();
    private long _counter = time.GetTimestamp();

    /// <summary>How far the clock has jumped ahead since the last check; null when it has not.</summary>
    public TimeSpan? Take(DateTimeOffset now)
    {
        var ahead = now - _looked - time.GetElapsedTime(_counter);
        (_looked, _counter) = (now, time.GetTimestamp());
        return ahead > Tolerated ? ahead : null;
    }
}
