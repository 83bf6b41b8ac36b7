namespace HostAgent.HyperV.Simulation.Engine;

/// <summary>
/// The host's time: the clock's time when the host was opened, plus the time elapsed since. It never goes back, even if the clock is
/// set back while the host is open or is behind the last line of the state file.
/// </summary>
internal sealed class HostClock(TimeProvider time, DateTimeOffset notBefore)
{
    private readonly long _opened = Math.Max(time.GetUtcNow().UtcTicks, notBefore.UtcTicks);
    private readonly long _timestamp = time.GetTimestamp();

    public long Now => _opened + time.GetElapsedTime(_timestamp).Ticks;
}
