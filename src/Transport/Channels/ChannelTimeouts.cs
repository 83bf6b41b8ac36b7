namespace HostAgent.Transport.Channels;

/// <summary>The timeouts of a channel. The HTTP client measures them by the machine's clock.</summary>
/// <param name="Connect">For TCP and TLS together.</param>
/// <param name="PingDelay">Of silence on a connection until it is pinged, at least a second.</param>
/// <param name="PingTimeout">For the answer to a ping, at least a second, until the connection counts as lost.</param>
/// <param name="Idle">Without any call until a connection is closed.</param>
public sealed record ChannelTimeouts(TimeSpan Connect, TimeSpan PingDelay, TimeSpan PingTimeout, TimeSpan Idle)
{
    /// <summary>A dead host is noticed within half a minute, during calls and streams.</summary>
    public static ChannelTimeouts Default { get; } = new(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(5));
}
