namespace HostAgent.HyperV.Simulation.Engine;

/// <summary>
/// The host's time: the clock's time at the opening, and from then on what has really passed. It never goes back, neither when the
/// clock is set back while the host is open nor when it stood earlier than the state file's last line.
/// </summary>
internal sealed class HostClock(TimeProvider time, DateTimeOffset notBefore)
{
    private readonly long _opened = Math.Max(time.GetUtcNow().UtcTicks, notBefore.UtcTicks);
    private readonly long _timestamp = time.GetTimestamp();

    public long Now => _opened + time.GetElapsedTime(_timestamp).Ticks;
}
