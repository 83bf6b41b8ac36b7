namespace HostAgent.Campaigns.Spec;

/// <summary>
/// What is asked of a machine before it is started. Whatever stands here, the agent makes its own checks immediately before each call
/// and refuses a machine that is not ready.
/// </summary>
public sealed record ReadinessSpec
{
    /// <summary>
    /// Whether the campaign has items checked before they start: once ahead, when it is planned, and again when an item's turn has come
    /// and there is no check that still counts. An item that is not ready is checked again as <see cref="RetrySpec"/> says.
    /// </summary>
    /// <value>The default is false: the agent's own checks are all.</value>
    public bool Required { get; init; }

    /// <summary>How old a check may be when an item starts on it.</summary>
    /// <value>The default is 1 h.</value>
    public TimeSpan MaxAge { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Ids of checks that ask and that the campaign accepts; checks that block cannot be ignored.</summary>
    public IReadOnlyList<string> Ignore { get; init; } = [];
}
