using HostAgent.Transport.Edge;

namespace HostAgent.Transport;

/// <summary>How much a server takes from its peers, and for how long.</summary>
public sealed record EdgeLimits
{
    private const int MostConnectionsUnlessSaid = 20_000;
    private const int FewestConnections = 16;

    /// <summary>What holds unless said otherwise.</summary>
    public static EdgeLimits Default { get; } = new();

    /// <summary>
    /// After which a connection takes no more calls, so that the next one is judged by a new handshake; give or take a tenth. Calls that run
    /// go on for as long again and end then, UNAVAILABLE with the reason CONNECTION_AGED, to be taken up over another connection.
    /// </summary>
    /// <value>The default is 1 hour.</value>
    public TimeSpan MaxConnectionAge { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How many connections are open at once. One more is closed at once, or the oldest that has not finished its handshake.</summary>
    /// <value>The default is what the limit on open files leaves after <see cref="ReservedDescriptors"/>, at most 20,000.</value>
    public int MaxConnections { get; init; } = MostConnectionsUnlessSaid;

    /// <summary>How many open files are kept for everything but connections from peers: the program's own libraries, which the runtime keeps open and
    /// which are some 250, the store, the log, connections to other servers.</summary>
    /// <value>The default is 320.</value>
    public int ReservedDescriptors { get; init; } = 320;

    /// <summary>How many connections one peer may have.</summary>
    /// <value>The default is 1,000.</value>
    public int MaxConnectionsPerPeer { get; init; } = 1000;

    /// <summary>How many calls one peer may have at work, streams included.</summary>
    /// <value>The default is 5,000.</value>
    public int MaxCallsPerPeer { get; init; } = 5000;

    /// <summary>How many connections may be without a finished handshake. For one more the oldest is closed.</summary>
    internal int MaxHandshakes => Math.Clamp(MaxConnections / 2, 8, 2000);

    /// <summary>How many of these one address may have.</summary>
    internal int MaxHandshakesPerAddress => Math.Max(8, MaxHandshakes / 4);

    /// <summary>
    /// Sets <see cref="MaxConnections"/> to what was asked for, or to what the limit on open files leaves.
    /// </summary>
    /// <param name="asked">What was asked for; null for as many as there is room for.</param>
    /// <param name="setting">What to call it in an error.</param>
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
