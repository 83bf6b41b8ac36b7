using Google.Protobuf;
using Grpc.Core;
using HostAgent.Campaigns;
using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.Spec;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Coordinator.Ownership;
using HostAgent.Coordinator.Planning;
using HostAgent.Coordinator.Runs;
using HostAgent.Coordinator.Store;
using HostAgent.Coordinator.Wire;
using HostAgent.Transport;

namespace HostAgent.Coordinator.Services;

/// <summary>Creates campaigns: reads, plans and stores them.</summary>
internal sealed class CampaignCreation(CampaignPlans plans, IEventStore store, StoreRoom room, ICampaignOwners owners, CommandRecorder recorder, TimeProvider time)
{
    /// <summary>Creates a campaign, or returns the one that an equal request created earlier.</summary>
    /// <exception cref="RpcFailure">As in the contract of <c>CreateCampaign</c>.</exception>
    public async Task<Campaign> CreateAsync(CreateCampaignRequest request, ServerCallContext context)
    {
        var cancellationToken = context.CancellationToken;
        var spec = CampaignPlans.Require(request.Document, cancellationToken);
        var id = request.CampaignId.Length > 0 ? request.CampaignId : spec.Name;
        if (!ResourceNames.IsCampaignId(id))
        {
            throw CampaignFailures.InvalidRequest(new FieldViolation("campaign_id", $"'{id}' must be {ResourceNames.CampaignIdRule}"));
        }

        var origin = CommandOrigin.Of(context, ResourceNames.Campaign(id), request);
        if (await FindEqualAsync(id, request.Document.Text, origin, cancellationToken) is { } existing)
        {
            return existing;
        }

        room.Require(origin.Target);
        var plan = await plans.PlanItemsAsync(spec, CampaignPlans.SourceOf(request.Document), origin.Target, cancellationToken);
        if (!request.AcceptWarnings && plan.Warnings.Any(warning => warning.NeedsAcceptance))
        {
            throw CampaignFailures.PlanWarnings(origin.Target, plan);
        }

        try
        {
            await StoreAsync(id, request, spec, plan, origin);
        }
        catch (CampaignExistsException)
        {
            // Another caller was faster: the request succeeds if both wanted the same.
            return await FindEqualAsync(id, request.Document.Text, origin, cancellationToken) ?? throw CampaignFailures.CampaignNotFound(origin.Target);
        }

        return await ShowAsync(id, origin, cancellationToken);
    }

    /// <summary>Creates the run of a campaign that has a schedule, or returns the one that was created for the same time.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="of">The campaign that has the schedule.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="RpcFailure">As for any other campaign.</exception>
    public async Task<Campaign> CreateRunAsync(string id, NewCampaign of, CancellationToken cancellationToken)
    {
        var request = new CreateCampaignRequest { CampaignId = id, Document = new Contracts.Campaigns.V1.CampaignDocument { Text = of.Document, Source = of.Source }, AcceptWarnings = true };
        var creator = ResourceNames.Campaign(of.Id);
        var origin = new CommandOrigin(new Caller(creator, creator, string.Empty), nameof(CampaignsService.CreateCampaign), ResourceNames.Campaign(id), request);
        if (await FindEqualAsync(id, of.Document, origin, cancellationToken) is { } existing)
        {
            return existing;
        }

        room.Require(origin.Target);
        var spec = CampaignPlans.Require(request.Document, cancellationToken) with { Schedule = null };
        var plan = await plans.PlanItemsAsync(spec, CampaignPlans.SourceOf(request.Document), origin.Target, cancellationToken);
        await StoreAsync(id, request, spec, plan, origin);
        return await ShowAsync(id, origin, cancellationToken);
    }

    private async Task<Campaign?> FindEqualAsync(string id, string document, CommandOrigin origin, CancellationToken cancellationToken)
    {
        if (await store.FindAsync(id, cancellationToken) is not { } head)
        {
            return null;
        }

        var shown = await ShowAsync(id, origin, cancellationToken);
        var refusal = shown.Document == document ? null : CampaignFailures.CampaignExists(origin.Target);
        await recorder.RecordAsync(head.Campaign.Uid, origin, refusal);
        return refusal is null ? shown : throw refusal;
    }

    private async Task<Campaign> ShowAsync(string id, CommandOrigin origin, CancellationToken cancellationToken) => (Campaign)await owners.CallAsync(
        id, new CampaignCall(nameof(CampaignsService.GetCampaign), new GetCampaignRequest { Name = origin.Target }, origin.Caller), cancellationToken);

    private async Task StoreAsync(string id, CreateCampaignRequest request, CampaignSpec spec, Campaigns.Planning.CampaignPlan plan, CommandOrigin origin)
    {
        var (now, document) = (time.GetUtcNow(), request.Document);
        var campaign = new NewCampaign(Guid.CreateVersion7(now), id, document.Text, CampaignPlans.SourceOf(document), origin.Caller.Actor, now);
        var machine = new CampaignMachine();
        var outcome = machine.Handle(new CreateCampaign(campaign.Uid, spec, plan, campaign.Document, origin.Caller.Name) { AcceptsWarnings = request.AcceptWarnings }, now);
        var header = CampaignViewBuilder.Header(machine.State, outcome.Events.Count);
        var summary = CampaignMapper.ToMessage(campaign, header, wave => CampaignMapper.DurablePercent(header.Waves[wave].Counts), withDocument: false);
        using var texts = new EventTexts();
        await store.CreateAsync(campaign, new StreamAppend(
            campaign.Uid,
            0,
            [.. outcome.Events.Select(texts.Write)],
            [AuditEntries.Of(now, origin, refusal: null, isChange: true)],
            new CampaignProjection((int)header.State, header.IsTerminal, summary.ToByteArray())));
    }
}
