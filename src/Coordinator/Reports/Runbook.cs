using HostAgent.Campaigns.Forecast;
using HostAgent.Campaigns.Planning;
using HostAgent.Campaigns.Spec;

namespace HostAgent.Coordinator.Reports;

/// <summary>A plan, to be read before the campaign is started.</summary>
internal sealed record Runbook
{
    /// <summary>The document, with its defaults.</summary>
    public required CampaignSpec Spec { get; init; }

    /// <summary>The plan for the hosts as they were at <see cref="PlanTime"/>.</summary>
    public required CampaignPlan Plan { get; init; }

    /// <summary>Its forecast, or what is missing for one.</summary>
    public required CampaignForecast Forecast { get; init; }

    /// <summary>When it would be started.</summary>
    public required DateTimeOffset StartTime { get; init; }

    public required DateTimeOffset PlanTime { get; init; }

    /// <summary>Who asked for it.</summary>
    public required string PlannedFor { get; init; }

    /// <summary>The document's text.</summary>
    public required string Document { get; init; }

    /// <summary>The document's name in messages, usually its file.</summary>
    public required string Source { get; init; }
}
