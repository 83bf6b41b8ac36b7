namespace HostAgent.Failover;

/// <summary>When a machine last started and stopped at one site, kept from read to read: a host tells only since when the machine has been as it is.</summary>
/// <param name="LastStart">The start of its last run; null when none was seen.</param>
/// <param name="LastStop">Its last stop; null when none was seen.</param>
public sealed record RunHistory(DateTimeOffset? LastStart, DateTimeOffset? LastStop)
{
    /// <summary>Nothing was seen yet.</summary>
    public static RunHistory None { get; } = new(null, null);

    /// <summary>Takes a read. A stop that is another than the one before proves a run in between, whose start is then not known: it is told by that stop.</summary>
    /// <param name="power">The power state.</param>
    /// <param name="since">Since when; null when the host does not tell.</param>
    public RunHistory Seen(Power power, DateTimeOffset? since) => power switch
    {
        Power.Running when since != LastStart => this with { LastStart = since },
        Power.Off or Power.Saved when since != LastStop => this with { LastStop = since, LastStart = LastStop is null || LastStart > LastStop ? LastStart : since },
        _ => this,
    };
}
