namespace HostAgent.HyperV.RecoveryPoints;

/// <summary>Selects a recovery point.</summary>
public abstract record RecoveryPointSelector
{
    private RecoveryPointSelector()
    {
    }

    /// <summary>Whether this selector needs the list of points.</summary>
    public bool NeedsPoints => this is not LatestState;

    /// <summary>The latest received state: no identifier is passed to the host, so no point has to exist.</summary>
    public static RecoveryPointSelector Latest { get; } = new LatestState();

    /// <summary>The newest application-consistent point.</summary>
    public static RecoveryPointSelector LatestApplicationConsistent { get; } = new NewestApplicationConsistent();

    /// <summary>The newest point whose time is not after <paramref name="time"/>.</summary>
    public static RecoveryPointSelector NotAfter(DateTimeOffset time) => new NewestNotAfter(time);

    /// <summary>The point with this identifier.</summary>
    public static RecoveryPointSelector Exactly(string identifier) => new ByIdentifier(identifier);

    /// <summary>The latest received state.</summary>
    public sealed record LatestState : RecoveryPointSelector
    {
        /// <inheritdoc/>
        public override string ToString() => "the latest state";
    }

    /// <summary>The newest application-consistent point.</summary>
    public sealed record NewestApplicationConsistent : RecoveryPointSelector
    {
        /// <inheritdoc/>
        public override string ToString() => "the newest application-consistent recovery point";
    }

    /// <summary>The newest point not after a time.</summary>
    /// <param name="Time">The time.</param>
    public sealed record NewestNotAfter(DateTimeOffset Time) : RecoveryPointSelector
    {
        /// <inheritdoc/>
        public override string ToString() => $"the newest recovery point not after {Time.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}";
    }

    /// <summary>The point with an identifier.</summary>
    /// <param name="Identifier">The identifier.</param>
    public sealed record ByIdentifier(string Identifier) : RecoveryPointSelector
    {
        /// <inheritdoc/>
        public override string ToString() => $"the recovery point {Identifier}";
    }
}

/// <summary>The result of a selector on the existing points.</summary>
/// <param name="Found">False when no point matches.</param>
/// <param name="Point">The point; null for the latest state and when none matches.</param>
public sealed record RecoveryPointSelection(bool Found, RecoveryPoint? Point)
{
    /// <summary>The method's input RecoveryPointIdentifier; null when it is omitted.</summary>
    public string? Identifier => Point?.Identifier;

    /// <summary>Applies a selector.</summary>
    /// <param name="selector">The selector.</param>
    /// <param name="newestFirst">The existing points, newest first.</param>
    public static RecoveryPointSelection From(RecoveryPointSelector selector, IReadOnlyList<RecoveryPoint> newestFirst)
    {
        ArgumentNullException.ThrowIfNull(selector);
        if (!selector.NeedsPoints)
        {
            return new(Found: true, Point: null);
        }

        var point = newestFirst.FirstOrDefault(p => Matches(selector, p));
        return new(point is not null, point);
    }

    private static bool Matches(RecoveryPointSelector selector, RecoveryPoint point) => selector switch
    {
        RecoveryPointSelector.NewestApplicationConsistent => point.Type is RecoveryPointType.ApplicationConsistent,
        RecoveryPointSelector.NewestNotAfter notAfter => point.Time <= notAfter.Time,
        RecoveryPointSelector.ByIdentifier exact => string.Equals(point.Identifier, exact.Identifier, StringComparison.OrdinalIgnoreCase),
        _ => false,
    };
}
