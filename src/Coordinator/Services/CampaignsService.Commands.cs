using Google.Protobuf;
using Grpc.Core;
using HostAgent.Campaigns.Inputs;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Coordinator.Runs;
using HostAgent.Coordinator.Wire;
using HostAgent.Transport;

namespace HostAgent.Coordinator.Services;

/// <content>The commands. Each is one input of the campaign's machine, and one record of its audit.</content>
internal sealed partial class CampaignsService
{
    private const int MaxReason = 1024;
    private const int MaxRetriedItems = 5000;

    /// <inheritdoc/>
    public override Task<Campaign> StartCampaign(StartCampaignRequest request, ServerCallContext context) =>
        CommandCampaignAsync(request.Name, request, context, caller => new StartCampaign(request.StartTime?.ToDateTimeOffset(), caller.Name));

    /// <inheritdoc/>
    public override Task<Campaign> PauseCampaign(PauseCampaignRequest request, ServerCallContext context) =>
        CommandCampaignAsync(request.Name, request, context, caller => new PauseCampaign(caller.Name, Reason(request.Reason)));

    /// <inheritdoc/>
    public override Task<Campaign> ResumeCampaign(ResumeCampaignRequest request, ServerCallContext context) =>
        CommandCampaignAsync(request.Name, request, context, caller => new ResumeCampaign(caller.Name, Reason(request.Reason)));

    /// <inheritdoc/>
    public override Task<Campaign> StopCampaign(StopCampaignRequest request, ServerCallContext context) =>
        CommandCampaignAsync(request.Name, request, context, caller => new StopCampaign(caller.Name, Reason(request.Reason)));

    /// <inheritdoc/>
    public override Task<Campaign> ApproveWave(ApproveWaveRequest request, ServerCallContext context) =>
        CommandCampaignAsync(request.Name, request, context, caller => new ApproveWave(request.Wave, caller.Name, Reason(request.Comment, "comment")));

    /// <inheritdoc/>
    public override Task<Campaign> RejectWave(RejectWaveRequest request, ServerCallContext context) =>
        CommandCampaignAsync(request.Name, request, context, caller => new RejectWave(request.Wave, caller.Name, Reason(request.Comment, "comment")));

    /// <inheritdoc/>
    public override async Task<RetryItemsResponse> RetryItems(RetryItemsRequest request, ServerCallContext context)
    {
        if (request.ItemIds.Count > MaxRetriedItems)
        {
            throw CampaignFailures.InvalidRequest(new FieldViolation("item_ids", $"has {request.ItemIds.Count} items; at most {MaxRetriedItems} are allowed, and none means every failed one"));
        }

        var run = await FindAsync(request.Name, "name", context);
        var ids = request.ItemIds.Count > 0
            ? request.ItemIds.Distinct(StringComparer.Ordinal).ToList()
            : run.View.Ids(item => item.State is ItemState.Failed or ItemState.Skipped, MaxRetriedItems);
        await CommandAsync(run, request.Name, request, context, caller => new RetryItems([.. request.ItemIds], caller.Name, Reason(request.Reason)));
        var response = new RetryItemsResponse();
        response.Items.AddRange(ids.Select(run.View.IndexOf).Where(index => index is not null).Select(index => run.View.ToMessage(index!.Value)).Where(item => item.State != ItemState.Skipped));
        return response;
    }

    /// <inheritdoc/>
    public override Task<Item> CancelItem(CancelItemRequest request, ServerCallContext context) =>
        CommandItemAsync(request.Name, request, context, (item, caller) => new CancelItem(item, request.ConfirmPossibleDataLoss, caller.Name, Reason(request.Reason)));

    /// <inheritdoc/>
    public override Task<Item> SkipItem(SkipItemRequest request, ServerCallContext context) =>
        CommandItemAsync(request.Name, request, context, (item, caller) => new SkipItem(item, caller.Name, Reason(request.Reason)));

    /// <inheritdoc/>
    public override Task<Item> ResolveItem(ResolveItemRequest request, ServerCallContext context)
    {
        if (request.Resolution is not (ItemState.Succeeded or ItemState.Failed))
        {
            throw CampaignFailures.InvalidRequest(new FieldViolation("resolution", $"{request.Resolution} must be ITEM_STATE_SUCCEEDED or ITEM_STATE_FAILED"));
        }

        return CommandItemAsync(
            request.Name,
            request,
            context,
            (item, caller) => new ResolveItem(item, request.Resolution == ItemState.Succeeded, caller.Name, Reason(request.Reason)));
    }

    /// <inheritdoc/>
    public override Task<Item> RecheckItem(RecheckItemRequest request, ServerCallContext context) =>
        CommandItemAsync(request.Name, request, context, (item, caller) => new RecheckItem(item, caller.Name));

    private async Task<Campaign> CommandCampaignAsync(string name, IMessage request, ServerCallContext context, Func<Caller, CampaignInput> command)
    {
        var run = await FindAsync(name, "name", context);
        await CommandAsync(run, name, request, context, command);
        return run.View.ToMessage(withDocument: true);
    }

    private async Task<Item> CommandItemAsync(string name, IMessage request, ServerCallContext context, Func<string, Caller, CampaignInput> command)
    {
        var (campaignId, itemId) = ResourceNames.ParseItem(name, "name");
        var run = await FindAsync(ResourceNames.Campaign(campaignId), "name", context);
        var index = run.View.IndexOf(itemId) ?? throw CampaignFailures.ItemNotFound(name);
        await CommandAsync(run, name, request, context, caller => command(itemId, caller));
        return run.View.ToMessage(index);
    }

    private static async Task CommandAsync(CampaignRun run, string target, IMessage request, ServerCallContext context, Func<Caller, CampaignInput> command)
    {
        var caller = Caller.Of(context);
        var method = context.Method[(context.Method.LastIndexOf('/') + 1)..];
        await run.CommandAsync(command(caller), new CommandOrigin(caller, method, target, request), context.CancellationToken);
    }

    private static string Reason(string reason, string field = "reason") => reason.Length <= MaxReason
        ? reason
        : throw CampaignFailures.InvalidRequest(new FieldViolation(field, $"has {reason.Length} characters; at most {MaxReason} are allowed"));
}
