using HostAgent.Documents;

namespace HostAgent.Campaigns.Spec;

/// <summary>How many items may be in flight at once. All limits apply together. A percentage is of the campaign's items and gives at least 1.</summary>
public sealed record LimitsSpec
{
    internal static readonly Amount DefaultHost = Amount.Count(3);

    /// <summary>In the whole campaign; null for no limit.</summary>
    public Amount? Campaign { get; init; }

    /// <summary>On each host.</summary>
    /// <value>The default is 3, Hyper-V's own number of parallel transfers.</value>
    public Amount? Host { get; init; } = DefaultHost;

    /// <summary>On the hosts of each site; null for no limit.</summary>
    public Amount? Site { get; init; }

    /// <summary>On each link, which is a pair of source site and primary site; null for no limit.</summary>
    public Amount? Link { get; init; }

    /// <summary>Of each tenant; null for no limit.</summary>
    public Amount? Tenant { get; init; }

    /// <summary>How many services may be down for their switch at once; null for no limit. Only with <see cref="Strategy.HostToHost"/>.</summary>
    public Amount? Switch { get; init; }
}

/// <summary>How many failures are tolerated: N means that the (N+1)th is a breach. FAILED and UNKNOWN_OUTCOME count.</summary>
public sealed record ToleranceSpec
{
    /// <summary>In the whole campaign; a percentage is of its items, rounded down.</summary>
    /// <value>The default is 0: the first failure breaches.</value>
    public Amount Failures { get; init; } = Amount.Count(0);

    /// <summary>On each host; a breach opens that host's circuit breaker. Null for no bound.</summary>
    public Amount? PerHost { get; init; }

    /// <summary>Within a sliding window; null for no bound.</summary>
    public FailureWindowSpec? Window { get; init; }

    /// <summary>What a breach of the campaign does.</summary>
    public BreachAction OnBreach { get; init; } = BreachAction.Pause;
}

/// <summary>How many failures are tolerated within any period of a given length.</summary>
/// <param name="Failures">How many are tolerated; a percentage is of the campaign's items, rounded down.</param>
/// <param name="In">The length of the period.</param>
public sealed record FailureWindowSpec(Amount Failures, TimeSpan In);

/// <summary>What exceeding the tolerance does.</summary>
public enum BreachAction
{
    /// <summary>The campaign pauses until a person resumes it.</summary>
    Pause,

    /// <summary>The campaign stops for good.</summary>
    Stop,
}
