namespace HostAgent.Campaigns.Forecast;

/// <summary>What somebody is willing to assume where nothing is known. Without it a forecast rests on measurements or is refused.</summary>
public sealed record ForecastAssumptions
{
    /// <summary>No assumption.</summary>
    public static ForecastAssumptions None { get; } = new();

    /// <summary>How fast a machine is failed back; takes the place of what was measured. Null to use what was measured.</summary>
    public RateRange? Rate { get; init; }

    /// <summary>The size of the disks of machines whose own is not known, in bytes; null to know no such size.</summary>
    public long? DiskBytes { get; init; }

    /// <summary>The bandwidth of links; a link without an entry holds nothing back.</summary>
    public IReadOnlyList<LinkBandwidth> Links { get; init; } = [];
}
