namespace HostAgent.Hosting;

/// <summary>Waits that double up to a limit.</summary>
/// <param name="first">The first wait.</param>
/// <param name="longest">The longest wait.</param>
public sealed class ExponentialBackoff(TimeSpan first, TimeSpan longest)
{
    private TimeSpan? _next;

    /// <summary>The wait before the next attempt.</summary>
    /// <returns>The wait; each one is twice as long as the one before, up to the limit.</returns>
    public TimeSpan Next()
    {
        var wait = _next ?? first;
        _next = wait < longest / 2 ? wait * 2 : longest;
        return wait;
    }

    /// <summary>Begins again with the first wait, after a success.</summary>
    public void Reset() => _next = null;
}
