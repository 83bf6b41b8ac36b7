namespace HostAgent.Campaigns.Spec;

/// <summary>What is asked of a machine before it is started. The agent makes its checks immediately before each call.</summary>
public sealed record ReadinessSpec
{
    /// <summary>How old the checks may be when an item starts. The agent makes them anew for each call, so any value is kept.</summary>
    /// <value>The default is 1 h.</value>
    public TimeSpan MaxAge { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Ids of checks that ask and that the campaign accepts; checks that block cannot be ignored.</summary>
    public IReadOnlyList<string> Ignore { get; init; } = [];
}
