using System.Runtime.InteropServices;
using HostAgent.Campaigns.Planning;
using HostAgent.Campaigns.Spec;

namespace HostAgent.Campaigns.Forecast;

/// <summary>What to forecast, and the known inputs.</summary>
public sealed record ForecastRequest
{
    /// <summary>The valid document.</summary>
    public required CampaignSpec Spec { get; init; }

    /// <summary>Its plan, without problems.</summary>
    public required CampaignPlan Plan { get; init; }

    /// <summary>When the campaign would be started.</summary>
    public required DateTimeOffset StartTime { get; init; }

    /// <summary>When every machine should be home; null for no deadline.</summary>
    public DateTimeOffset? HomeBy { get; init; }

    /// <summary>The measured rates.</summary>
    public IReadOnlyList<RateSample> Samples { get; init; } = [];

    /// <summary>Whether the samples are of tests of replicas: each took its time whatever the disks, and all count as equally large.</summary>
    public bool OfTests { get; init; }

    /// <summary>Whether the samples are of machines that were brought in step, from the beginning to the end of that, so that rehearsals are in their times.</summary>
    public bool OfCopies { get; init; }

    /// <summary>How long a service is down in its switch; null when it was not measured.</summary>
    public TimeSpan? Outage { get; init; }

    /// <summary>How many failbacks each agent runs at once, by host name; a host that is missing has no limit of its own.</summary>
    public IReadOnlyDictionary<string, int> AgentLimits { get; init; } = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);

    /// <summary>The caller's assumptions.</summary>
    public ForecastAssumptions Assumptions { get; init; } = ForecastAssumptions.None;
}

/// <summary>What the caller assumes where nothing is known. Without assumptions a forecast is based on measurements or refused.</summary>
public sealed record ForecastAssumptions
{
    /// <summary>No assumption.</summary>
    public static ForecastAssumptions None { get; } = new();

    /// <summary>How fast a machine is failed back; replaces the measured rates. Null uses the measured rates.</summary>
    public RateRange? Rate { get; init; }

    /// <summary>The disk size of machines whose size is unknown, in bytes; null for no assumption.</summary>
    public long? DiskBytes { get; init; }

    /// <summary>The bandwidth of links; a link without an entry is not a limit.</summary>
    public IReadOnlyList<LinkBandwidth> Links { get; init; } = [];
}

/// <summary>The assumed bandwidth of a link. A link is a pair of source site and primary site.</summary>
/// <param name="Site">The source site, case-insensitive; empty together with <paramref name="PrimarySite"/> for every link without an entry of its own.</param>
/// <param name="PrimarySite">The primary site.</param>
/// <param name="BytesPerSecond">The bandwidth, above 0.</param>
public sealed record LinkBandwidth(string Site, string PrimarySite, double BytesPerSecond);

/// <summary>An assumed range of rates: any rate in it may be the true one, the same for all machines.</summary>
/// <param name="Low">The lowest, in bytes of disk size per second, above 0.</param>
/// <param name="High">The highest, not below <paramref name="Low"/>.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct RateRange(double Low, double High);
