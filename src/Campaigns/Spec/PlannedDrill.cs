using HostAgent.Documents;

namespace HostAgent.Campaigns.Spec;

/// <summary>How machines go to the recovery site and come back with <see cref="Strategy.PlannedDrill"/>. What holds for each way is in <see cref="HostToHostSpec"/>.</summary>
public sealed record PlannedDrillSpec
{
    /// <summary>How long a machine runs at the recovery site before its way back may begin.</summary>
    /// <value>The default is 1 h.</value>
    public TimeSpan Soak { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How long a drill that was passed proves that the service can go there and come back.</summary>
    /// <value>The default is 180 days.</value>
    public TimeSpan ProofValidFor { get; init; } = TimeSpan.FromDays(180);
}

/// <summary>The document's <c>strategy: {name: planned-drill, …}</c>.</summary>
internal static class PlannedDrillReader
{
    public const string Name = "planned-drill";

    private static readonly PlannedDrillSpec Defaults = new();

    public static PlannedDrillSpec Read(MappingReader strategy) => new()
    {
        Soak = strategy.Optional("soak").Described("How long a machine runs at the recovery site before its way back may begin.").Duration(TimeSpan.Zero, TimeSpan.FromDays(30), Defaults.Soak),
        ProofValidFor = ProofReader.Read(strategy, "How long it proves that the service can go there and come back.", Defaults.ProofValidFor),
    };
}
