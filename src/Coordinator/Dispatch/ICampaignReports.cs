using HostAgent.Campaigns.Inputs;
using HostAgent.Transport;

namespace HostAgent.Coordinator.Dispatch;

/// <summary>The way up: what the dispatcher tells the campaign's run.</summary>
internal interface ICampaignReports
{
    /// <summary>Reports something that the machine decides upon. Waits while the run has too much to do.</summary>
    ValueTask ReportAsync(CampaignInput input, CancellationToken cancellation);

    /// <summary>Shows a percentage; no decision depends on it.</summary>
    void Advance(string item, int attempt, int percent);

    /// <summary>Reports that an agent has seen a newer owner of the campaign.</summary>
    void NoteFenced(RpcFailure refusal);
}
