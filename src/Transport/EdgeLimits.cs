namespace HostAgent.Transport;

/// <summary>How many connections and calls a server accepts from its peers, and for how long.</summary>
public sealed record EdgeLimits
{
    /// <summary>The largest message that a server or a channel accepts, in bytes; a larger one ends the call with RESOURCE_EXHAUSTED.</summary>
    public const int MaxMessageBytes = 4 * 1024 * 1024;

    private const int MostConnectionsUnlessSaid = 20_000;
    private const int FewestConnections = 16;

    /// <summary>The default limits.</summary>
    public static EdgeLimits Default { get; } = new();

    /// <summary>
    /// After which a connection takes no more calls, so that the next call needs a new handshake; plus or minus a tenth. Running calls
    /// continue for as long again and then end, UNAVAILABLE with the reason CONNECTION_AGED, to be resumed on another connection.
    /// </summary>
    /// <value>The default is 1 hour.</value>
    public TimeSpan MaxConnectionAge { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How many connections are open at the same time. One more is closed immediately, or the oldest that has not finished its handshake.</summary>
    /// <value>The default is what the limit on open files leaves after <see cref="ReservedDescriptors"/>, at most 20,000.</value>
    public int MaxConnections { get; init; } = MostConnectionsUnlessSaid;

    /// <summary>How many open files are reserved for everything but connections from peers: the program's libraries, about 250, which the runtime keeps
    /// open, the store, the log, and connections to other servers.</summary>
    /// <value>The default is 320.</value>
    public int ReservedDescriptors { get; init; } = 320;

    /// <summary>How many connections one peer may have.</summary>
    /// <value>The default is 1,000.</value>
    public int MaxConnectionsPerPeer { get; init; } = 1000;

    /// <summary>How many calls one peer may have running, streams included.</summary>
    /// <value>The default is 5,000.</value>
    public int MaxCallsPerPeer { get; init; } = 5000;

    /// <summary>How many connections may be without a finished handshake. For one more the oldest is closed.</summary>
    internal int MaxHandshakes => Math.Clamp(MaxConnections / 2, 8, 2000);

    /// <summary>How many of these one address may have.</summary>
    internal int MaxHandshakesPerAddress => Math.Max(8, MaxHandshakes / 4);

    /// <summary>
    /// Sets <see cref="MaxConnections"/> to the wanted number, or to what the limit on open files leaves.
    /// </summary>
    /// <param name="asked">The wanted number; null for as many as possible.</param>
    /// <param name="setting">Its name in errors.</param>
    /// <param name="errors">Takes a line when the limit on open files does not leave enough.</param>
    public EdgeLimits WithConnections(int? asked, string setting, ICollection<string> errors)
        => WithConnections(asked, setting, errors, DescriptorLimit.Read());

    internal EdgeLimits WithConnections(int? asked, string setting, ICollection<string> errors, int? openFiles)
    {
        ArgumentNullException.ThrowIfNull(errors);
        var room = openFiles - ReservedDescriptors;
        if (room < FewestConnections)
        {
            errors.Add($"This process may have {openFiles} files and connections open at once, but needs at least {ReservedDescriptors + FewestConnections}: raise the limit (ulimit -n, or LimitNOFILE= of a systemd unit).");
        }
        else if (asked > room)
        {
            errors.Add($"{setting} is {asked}, but this process may have {openFiles} files and connections open at once, {ReservedDescriptors} of which are kept for others: at most {room} is allowed, or raise the limit (ulimit -n, or LimitNOFILE= of a systemd unit).");
        }

        return this with { MaxConnections = asked ?? Math.Min(room ?? MostConnectionsUnlessSaid, MostConnectionsUnlessSaid) };
    }
}
