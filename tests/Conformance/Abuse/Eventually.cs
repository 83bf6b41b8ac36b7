namespace HostAgent.Conformance.Abuse;

/// <summary>Waits for a condition that nothing announces.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    /// <summary>Ends once the condition holds.</summary>
    /// <exception cref="TimeoutException">It did not within <paramref name="patience"/>; the message says how things stand.</exception>
    public static async Task HoldsAsync(Func<bool> condition, TimeSpan patience, Func<string> standing)
    {
        using var timer = new PeriodicTimer(Interval);
        var started = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            if (TimeProvider.System.GetElapsedTime(started) > patience)
            {
                throw new TimeoutException($"Not within {patience.TotalSeconds} s: {standing()}");
            }

            await timer.WaitForNextTickAsync();
        }
    }

    /// <summary>Ends once the value has stayed the same for a while, and returns it.</summary>
    public static async Task<long> SettledAsync(Func<long> value, TimeSpan still, TimeSpan patience)
    {
        var (last, since) = (value(), TimeProvider.System.GetTimestamp());
        await HoldsAsync(
            () =>
            {
                if (value() is var now && now != last)
                {
                    (last, since) = (now, TimeProvider.System.GetTimestamp());
                }

                return TimeProvider.System.GetElapsedTime(since) >= still;
            },
            patience,
            () => $"it is {last} and still changes");
        return last;
    }
}
