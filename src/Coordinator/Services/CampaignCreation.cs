using Google.Protobuf;
using Grpc.Core;
using HostAgent.Campaigns;
using HostAgent.Campaigns.Inputs;
using HostAgent.Campaigns.Spec;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Coordinator.Planning;
using HostAgent.Coordinator.Runs;
using HostAgent.Coordinator.Store;
using HostAgent.Coordinator.Wire;
using HostAgent.Transport;

namespace HostAgent.Coordinator.Services;

/// <summary>Creates campaigns: reads, plans and stores them.</summary>
internal sealed class CampaignCreation(CampaignPlans plans, IEventStore store, CampaignRuns runs, TimeProvider time)
{
    /// <summary>Creates a campaign, or returns the one that was created from an equal request before.</summary>
    /// <exception cref="RpcFailure">As the contract of <c>CreateCampaign</c> says.</exception>
    public async Task<CampaignRun> CreateAsync(CreateCampaignRequest request, Caller caller, CancellationToken cancellation)
    {
        var spec = CampaignPlans.Require(request.Document);
        var id = request.CampaignId.Length > 0 ? request.CampaignId : spec.Name;
        if (!ResourceNames.IsCampaignId(id))
        {
            throw CampaignFailures.InvalidRequest(new FieldViolation("campaign_id", $"'{id}' must be {ResourceNames.CampaignIdRule}"));
        }

        if (await FindEqualAsync(id, request.Document.Text, cancellation) is { } existing)
        {
            return existing;
        }

        var result = await plans.PlanAsync(spec, CampaignPlans.SourceOf(request.Document), cancellation);
        if (!result.IsValid)
        {
            throw CampaignFailures.Precondition("NO_ITEMS", result.Problems[0].Message, ("campaign", ResourceNames.Campaign(id)));
        }

        try
        {
            await StoreAsync(id, request, spec, result.Plan, caller);
        }
        catch (CampaignExistsException)
        {
            // Somebody was faster: what counts is whether they wanted the same.
            return await FindEqualAsync(id, request.Document.Text, cancellation) ?? throw CampaignFailures.CampaignNotFound(ResourceNames.Campaign(id));
        }

        return await runs.GetAsync(id, cancellation) ?? throw CampaignFailures.CampaignNotFound(ResourceNames.Campaign(id));
    }

    private async Task<CampaignRun?> FindEqualAsync(string id, string document, CancellationToken cancellation)
    {
        if (await runs.GetAsync(id, cancellation) is not { } run)
        {
            return null;
        }

        return run.View.Campaign.Document == document
            ? run
            : throw new RpcFailure(StatusCode.AlreadyExists, "CAMPAIGN_EXISTS", $"campaign '{id}' exists with another document; use another campaign_id")
            {
                Domain = CampaignFailures.Domain,
                Metadata = new Dictionary<string, string>(StringComparer.Ordinal) { ["campaign"] = ResourceNames.Campaign(id) },
            };
    }

    private async Task StoreAsync(string id, CreateCampaignRequest request, CampaignSpec spec, Campaigns.Planning.CampaignPlan plan, Caller caller)
    {
        var now = time.GetUtcNow();
        var campaign = new NewCampaign(Guid.CreateVersion7(now), id, request.Document.Text, CampaignPlans.SourceOf(request.Document), caller.Name, now);
        var machine = new CampaignMachine();
        var outcome = machine.Handle(new CreateCampaign(campaign.Uid, spec, plan, campaign.Document, caller.Name), now);
        var header = CampaignViews.Header(machine.State, outcome.Events.Count);
        var summary = CampaignMapper.ToMessage(campaign, header, wave => CampaignMapper.DurablePercent(header.Waves[wave].Counts), withDocument: false);
        var origin = new CommandOrigin(caller, "CreateCampaign", ResourceNames.Campaign(id), request);
        await store.CreateAsync(campaign, new StreamAppend(
            campaign.Uid,
            0,
            [.. outcome.Events.Select(decided => new NewEvent(decided.At, CampaignEventCodec.NameOf(decided), CampaignEventCodec.Write(decided)))],
            [AuditEntries.Of(now, origin, refusal: null)],
            new CampaignProjection((int)header.State, header.IsTerminal, summary.ToByteArray())));
    }
}
