namespace HostAgent.HyperV.RecoveryPoints;

/// <summary>What a selector chose among the points that exist.</summary>
/// <param name="Found">False when no point fits.</param>
/// <param name="Point">The point; null for the latest state and when none fits.</param>
public sealed record RecoveryPointSelection(bool Found, RecoveryPoint? Point)
{
    /// <summary>The method's input RecoveryPointIdentifier; null when it is left out.</summary>
    public string? Identifier => Point?.Identifier;

    /// <summary>Applies a selector.</summary>
    /// <param name="selector">The selector.</param>
    /// <param name="newestFirst">The points that exist now, newest first.</param>
    public static RecoveryPointSelection From(RecoveryPointSelector selector, IReadOnlyList<RecoveryPoint> newestFirst)
    {
        ArgumentNullException.ThrowIfNull(selector);
        if (!selector.NeedsPoints)
        {
            return new(Found: true, Point: null);
        }

        var point = newestFirst.FirstOrDefault(p => Fits(selector, p));
        return new(point is not null, point);
    }

    private static bool Fits(RecoveryPointSelector selector, RecoveryPoint point) => selector switch
    {
        RecoveryPointSelector.NewestApplicationConsistent => point.Type is RecoveryPointType.ApplicationConsistent,
        RecoveryPointSelector.NewestNotAfter notAfter => point.Time <= notAfter.Time,
        RecoveryPointSelector.ByIdentifier exact => string.Equals(point.Identifier, exact.Identifier, StringComparison.OrdinalIgnoreCase),
        _ => false,
    };
}
