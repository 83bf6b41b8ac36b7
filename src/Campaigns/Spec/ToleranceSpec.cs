using HostAgent.Documents;

namespace HostAgent.Campaigns.Spec;

/// <summary>How many failures are tolerated: N means that the (N+1)th breaches. FAILED and UNKNOWN_OUTCOME count.</summary>
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
