using Grpc.Core;
using HostAgent.Campaigns.Messages;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Coordinator.Dispatch;
using HostAgent.Coordinator.Ownership;
using HostAgent.Coordinator.Runs;
using HostAgent.Coordinator.Store;
using HostAgent.Coordinator.Wire;
using HostAgent.Transport;

namespace HostAgent.Coordinator.Services;

/// <summary>
/// Creates and starts the runs of campaigns that have a schedule. The run of a time has one id, so that it is made once however often it is asked for; what may pass, such
/// as hosts that do not answer yet, is waited for as long as the run may be late.
/// </summary>
internal sealed class ScheduledRuns(IEventStore store, CampaignCreation creation, ICampaignOwners owners, AgentRetries retries, TimeProvider time) : IScheduledRuns
{
    public async Task BeginAsync(DispatchedCampaign campaign, BeginRun begin, ICampaignReports reports, CancellationToken cancellationToken)
    {
        CampaignInput report;
        try
        {
            report = new RunBegun(begin.Due, await retries.CallAsync(
                token => BeginOnceAsync(campaign, begin, token),
                failure => failure is { StatusCode: StatusCode.Unavailable } or { Reason: "NO_ITEMS" } && time.GetUtcNow() < begin.Due + begin.Spec.Grace,
                (_, _) => { },
                cancellationToken));
        }
        catch (RpcFailure failure)
        {
            report = new RunLeftOut(begin.Due, failure.Message.TrimEnd('.'));
        }

        await reports.ReportAsync(report, cancellationToken);
    }

    private async Task<string> BeginOnceAsync(DispatchedCampaign campaign, BeginRun begin, CancellationToken cancellationToken)
    {
        try
        {
            var owner = ResourceNames.ParseCampaign(campaign.Name, "name");
            var of = (await store.FindAsync(owner, cancellationToken) ?? throw CampaignFailures.CampaignNotFound(campaign.Name)).Campaign;
            var id = begin.Spec.RunOf(owner, begin.Due);
            if (begin.LastRun.Length > 0 && begin.LastRun != id && await store.FindAsync(begin.LastRun, cancellationToken) is { Projection.IsTerminal: false })
            {
                throw CampaignFailures.Precondition("RUN_NOT_ENDED", $"the run before it, {begin.LastRun}, has not ended", ("campaign", ResourceNames.Campaign(begin.LastRun)));
            }

            var run = await creation.CreateRunAsync(id, of, cancellationToken);
            if (run.State == CampaignState.Ready)
            {
                var start = new StartCampaignRequest { Name = run.Name };
                var call = new CampaignCall(nameof(CampaignsService.StartCampaign), start, new Caller(begin.StartedBy, campaign.Name, string.Empty)) { IsScheduled = true };
                await owners.CallAsync(id, call, cancellationToken);
            }

            return id;
        }
        catch (StoreUnavailableException exception)
        {
            throw CampaignFailures.Of(exception)!;
        }
    }
}
