namespace HostAgent.Coordinator.Runs;

/// <summary>Finds out that the clock was set forward, or that the machine slept: then what seems overdue has not been waited for.</summary>
/// <param name="time">The wall clock, and the monotonic timestamp that setting it does not move.</param>
internal sealed class ClockJumps(TimeProvider time)
{
    // A clock that is slewed goes astray by less between two looks.
    private static readonly TimeSpan Tolerated = TimeSpan.FromMinutes(1);

    private DateTimeOffset _looked = time.GetUtcNow();
    private long _counter = time.GetTimestamp();

    /// <summary>How far the clock has run ahead since the last look; null when it has not.</summary>
    public TimeSpan? Take(DateTimeOffset now)
    {
        var ahead = now - _looked - time.GetElapsedTime(_counter);
        (_looked, _counter) = (now, time.GetTimestamp());
        return ahead > Tolerated ? ahead : null;
    }
}
