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

    /// <summary>How long the first step of each item of the plan takes, null for as long as any other; null where none is half done.</summary>
    public IReadOnlyList<TimeSpan?>? FirstSteps { get; init; }

    /// <summary>How many failbacks each agent runs at once, by host name; a host that is missing has no limit of its own.</summary>
    public IReadOnlyDictionary<string, int> AgentLimits { get; init; } = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);

    /// <summary>The caller's assumptions.</summary>
    public ForecastAssumptions Assumptions { get; init; } = ForecastAssumptions.None;
}
