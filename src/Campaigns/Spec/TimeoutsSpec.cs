namespace HostAgent.Campaigns.Spec;

/// <summary>How long is waited for what.</summary>
public sealed record TimeoutsSpec
{
    /// <summary>From an attempt's start to its end; then its outcome is unknown.</summary>
    /// <value>The default is 24 h.</value>
    public TimeSpan Item { get; init; } = TimeSpan.FromHours(24);

    /// <summary>Without any progress of a running item; then its outcome is unknown.</summary>
    /// <value>The default is 30 min.</value>
    public TimeSpan NoProgress { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>For a host out of reach; then the outcome of its items in flight is unknown.</summary>
    /// <value>The default is 15 min.</value>
    public TimeSpan Unreachable { get; init; } = TimeSpan.FromMinutes(15);
}
