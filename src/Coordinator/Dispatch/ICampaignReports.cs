using HostAgent.Campaigns.Messages;

namespace HostAgent.Coordinator.Dispatch;

/// <summary>The way up: what the dispatcher tells the campaign's run.</summary>
internal interface ICampaignReports
{
    /// <summary>Reports something that the machine decides upon. Waits while the run has too much to do.</summary>
    ValueTask ReportAsync(CampaignInput input, CancellationToken cancellation);

    /// <summary>Reports something and waits until what the machine makes of it is durable.</summary>
    ValueTask RecordAsync(CampaignInput input, CancellationToken cancellation);

    /// <summary>Shows a percentage; no decision depends on it.</summary>
    void Advance(string item, int attempt, int percent);
}
