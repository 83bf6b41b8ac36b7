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
