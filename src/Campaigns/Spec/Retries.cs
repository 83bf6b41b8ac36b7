namespace HostAgent.Campaigns.Spec;

/// <summary>How failed attempts are retried: after initial × factor^(n-1), at most max, plus or minus the jitter.</summary>
public sealed record RetrySpec
{
    /// <summary>The most attempts at an item, including the first.</summary>
    /// <value>The default is 5.</value>
    public int Attempts { get; init; } = 5;

    /// <summary>The pause after the first attempt.</summary>
    /// <value>The default is 30 s.</value>
    public TimeSpan Initial { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The multiplier of the pause for each further attempt, from 1.</summary>
    /// <value>The default is 2.</value>
    public double Factor { get; init; } = 2;

    /// <summary>The longest pause.</summary>
    /// <value>The default is 10 min.</value>
    public TimeSpan Max { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>The fraction by which the pause varies, 0 to 1.</summary>
    /// <value>The default is 0.2.</value>
    public double Jitter { get; init; } = 0.2;

    /// <summary>Whether failed jobs (and the return code 32768) are retried too.</summary>
    public bool FailedJobs { get; init; }
}

/// <summary>The timeouts of a campaign.</summary>
public sealed record TimeoutsSpec
{
    /// <summary>From an attempt's start to its end; then its outcome is unknown.</summary>
    /// <value>The default is 24 h.</value>
    public TimeSpan Item { get; init; } = TimeSpan.FromHours(24);

    /// <summary>The same for bringing a machine in step; null for <see cref="Item"/>.</summary>
    public TimeSpan? Sync { get; init; }

    /// <summary>The same for the switch of a service; null for <see cref="Item"/>.</summary>
    public TimeSpan? Switch { get; init; }

    /// <summary>Without any progress of a running item; then its outcome is unknown.</summary>
    /// <value>The default is 30 min.</value>
    public TimeSpan NoProgress { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>For a host out of reach; then the outcome of its items in flight is unknown.</summary>
    /// <value>The default is 15 min.</value>
    public TimeSpan Unreachable { get; init; } = TimeSpan.FromMinutes(15);
}
