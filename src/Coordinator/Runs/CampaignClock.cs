namespace HostAgent.Coordinator.Runs;

/// <summary>
/// The time by which a campaign is decided: the clock's, but for a clock that was set back. Then it goes on at half the speed until the clock has caught up: times of events follow their order, a window that was
/// entered is not left, nothing comes early, and no pause gets longer by what the clock was set back by.
/// </summary>
/// <param name="time">The clock, and the counter that is not affected by setting it.</param>
internal sealed class CampaignClock(TimeProvider time) : TimeProvider
{
    /// <summary>A clock that was set back by more than this had been wrong in a way that nothing must follow: it counts at once, and times of events go back.</summary>
    public static readonly TimeSpan MostBack = TimeSpan.FromHours(1);

    private readonly Lock _lock = new();
    private DateTimeOffset _last = DateTimeOffset.MinValue;
    private long _counter = time.GetTimestamp();

    /// <inheritdoc/>
    public override long TimestampFrequency => time.TimestampFrequency;

    /// <inheritdoc/>
    public override TimeZoneInfo LocalTimeZone => time.LocalTimeZone;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock)
        {
            var (clock, counter) = (time.GetUtcNow(), time.GetTimestamp());
            var slowed = _last == DateTimeOffset.MinValue ? _last : _last + (time.GetElapsedTime(_counter, counter) / 2);
            (_last, _counter) = (slowed > clock && slowed - clock <= MostBack ? slowed : clock, counter);
            return _last;
        }
    }

    /// <summary>Takes up the campaign's time where an earlier process has left it.</summary>
    /// <param name="last">The time of the last event; MinValue when there is none.</param>
    public void GoOnFrom(DateTimeOffset last)
    {
        lock (_lock)
        {
            if (last > _last)
            {
                (_last, _counter) = (last, time.GetTimestamp());
            }
        }
    }

    /// <inheritdoc/>
    public override long GetTimestamp() => time.GetTimestamp();

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => time.CreateTimer(callback, state, dueTime, period);
}

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
