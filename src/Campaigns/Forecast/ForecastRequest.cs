using System.Runtime.InteropServices;
using HostAgent.Campaigns.Planning;
using HostAgent.Campaigns.Spec;

namespace HostAgent.Campaigns.Forecast;

/// <summary>What is to be forecast, and what is known for it.</summary>
public sealed record ForecastRequest
{
    /// <summary>The valid document.</summary>
    public required CampaignSpec Spec { get; init; }

    /// <summary>Its plan, without problems.</summary>
    public required CampaignPlan Plan { get; init; }

    /// <summary>When the campaign would be started.</summary>
    public required DateTimeOffset StartTime { get; init; }

    /// <summary>What was measured.</summary>
    public IReadOnlyList<RateSample> Samples { get; init; } = [];

    /// <summary>How many failbacks the agents run at once, by the host's name; a host that is not there sets no bound of its own.</summary>
    public IReadOnlyDictionary<string, int> AgentLimits { get; init; } = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);

    /// <summary>What may be assumed.</summary>
    public ForecastAssumptions Assumptions { get; init; } = ForecastAssumptions.None;
}

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

/// <summary>What a link carries, as somebody assumes it. A link is a pair of source site and primary site.</summary>
/// <param name="Site">The source site, compared without case; empty together with <paramref name="PrimarySite"/> for every link that has no entry of its own.</param>
/// <param name="PrimarySite">The primary site.</param>
/// <param name="BytesPerSecond">The bandwidth, above 0.</param>
public sealed record LinkBandwidth(string Site, string PrimarySite, double BytesPerSecond);

/// <summary>Rates that somebody assumes: any of them may be the true one, the same for all machines.</summary>
/// <param name="Low">The lowest, in bytes of disk size a second, above 0.</param>
/// <param name="High">The highest, not below <paramref name="Low"/>.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct RateRange(double Low, double High);
