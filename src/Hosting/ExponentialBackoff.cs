namespace HostAgent.Hosting;

/// <summary>Waits that double up to a limit.</summary>
/// <remarks>
/// For loops that do something between two waits: record an event, watch for a wake-up, begin again after a success. A Polly pipeline owns its loop,
/// so it suits only a call that is repeated unchanged, as the coordinator's <c>AgentRetries</c> does.
/// </remarks>
/// <param name="first">The first wait.</param>
/// <param name="longest">The longest wait.</param>
/// <param name="jitter">
/// Gives numbers from 0 (inclusive) to 1 (exclusive) that shorten each wait by up to half, so that many waits do not end at the same moment; null
/// for waits of exact length.
/// </param>
public sealed class ExponentialBackoff(TimeSpan first, TimeSpan longest, Func<double>? jitter = null)
{
    private TimeSpan? _next;

    /// <summary>The wait before the next attempt.</summary>
    /// <returns>The wait; without jitter each one is twice as long as the one before, up to the limit.</returns>
    public TimeSpan Next()
    {
        var wait = _next ?? (first < longest ? first : longest);
        _next = wait < longest / 2 ? wait * 2 : longest;
        return jitter is null ? wait : wait * (0.5 + (jitter() / 2));
    }

    /// <summary>Begins again with the first wait, after a success.</summary>
    public void Reset() => _next = null;
}
