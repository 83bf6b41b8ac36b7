namespace HostAgent.HyperV.Simulation.Estates;

/// <summary>Two hosts of an estate that replicate to each other. Their machines belong together by their identifiers.</summary>
public sealed record SimulatedPairDescription
{
    /// <summary>The name of the host at home.</summary>
    public required string Home { get; init; }

    /// <summary>The name of the host at the recovery site.</summary>
    public required string Recovery { get; init; }

    /// <summary>The link between them.</summary>
    public SimulatedLinkDescription Link { get; init; } = new();

    /// <summary>Whether a host is one of the two; case does not matter.</summary>
    public bool Has(string host) => string.Equals(host, Home, StringComparison.OrdinalIgnoreCase) || string.Equals(host, Recovery, StringComparison.OrdinalIgnoreCase);
}

/// <summary>The link between two simulated hosts.</summary>
public sealed record SimulatedLinkDescription
{
    // A usual segment, and the constant of the macroscopic model of a TCP stream with random loss.
    private const double SegmentMegabits = 1460 * 8 / 1e6;
    private const double LossConstant = 1.22;

    /// <summary>Bandwidth in each direction, in megabits per second. Null (the default): each host's own.</summary>
    public double? MegabitsPerSecond { get; init; }

    /// <summary>The time of one message one way, in host time. Default: none. Each exchange of a job takes four round trips.</summary>
    public TimeSpan Latency { get; init; }

    /// <summary>The share of packets that is lost, in percent. It limits what one transfer gets, by the round trip time.</summary>
    public double LossPercent { get; init; }

    /// <summary>When it is cut by itself.</summary>
    public IReadOnlyList<SimulatedLinkCut> Cuts { get; init; } = [];

    /// <summary>What one transfer gets at most, whatever the bandwidth; null for no limit.</summary>
    internal double? StreamMegabitsPerSecond => LossPercent > 0 && Latency > TimeSpan.Zero
        ? SegmentMegabits / (2 * Latency.TotalSeconds) * LossConstant / Math.Sqrt(LossPercent / 100)
        : null;
}

/// <summary>A time in which a link is cut.</summary>
/// <param name="After">From when, in host time since the start of the simulation.</param>
public sealed record SimulatedLinkCut(TimeSpan After)
{
    /// <summary>For how long, in host time. Null (the default): for ever.</summary>
    public TimeSpan? For { get; init; }

    /// <summary>The host that nothing reaches; what it sends still arrives. Null (the default): both.</summary>
    public string? Towards { get; init; }
}
