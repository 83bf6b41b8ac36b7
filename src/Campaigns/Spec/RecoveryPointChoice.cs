namespace HostAgent.Campaigns.Spec;

/// <summary>Which point in time a machine goes back to.</summary>
/// <param name="Kind">The way to choose.</param>
/// <param name="At">The time; set exactly when the kind is <see cref="RecoveryPointKind.NotAfter"/>.</param>
public sealed record RecoveryPointChoice(RecoveryPointKind Kind, DateTimeOffset? At)
{
    /// <summary>The latest received state.</summary>
    public static RecoveryPointChoice Latest { get; } = new(RecoveryPointKind.Latest, null);
}
