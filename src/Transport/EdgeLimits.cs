namespace HostAgent.Transport;

/// <summary>How much a server takes from its peers, and for how long.</summary>
public sealed record EdgeLimits
{
    /// <summary>What holds unless said otherwise.</summary>
    public static EdgeLimits Default { get; } = new();

    /// <summary>
    /// After which a connection takes no more calls, so that the next one is judged by a new handshake; give or take a tenth. Calls that run
    /// go on for as long again and end then, UNAVAILABLE with the reason CONNECTION_AGED, to be taken up over another connection.
    /// </summary>
    /// <value>The default is 1 hour.</value>
    public TimeSpan MaxConnectionAge { get; init; } = TimeSpan.FromHours(1);
}
