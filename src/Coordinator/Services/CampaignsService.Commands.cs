using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using HostAgent.Campaigns.Messages;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Coordinator.Runs;
using HostAgent.Coordinator.Watching;
using HostAgent.Coordinator.Wire;
using HostAgent.Transport;

namespace HostAgent.Coordinator.Services;

/// <content>The commands. Each is one input of the campaign's machine and one record in its audit.</content>
internal sealed partial class CampaignsService
{
    private const int MaxReason = 1024;
    private const int MaxRetriedItems = 5000;

    [AuthorizeRoles(PeerRole.Operator)]
    [MaxConcurrentCalls(MaxDocumentsPerPeer)]
    public override async Task<Campaign> UpdateCampaign(UpdateCampaignRequest request, ServerCallContext context)
    {
        var run = await FindAsync(request.Name, "name", context);
        await CommandAsync(run, request.Name, request, context, origin => revision.PrepareAsync(run, request, origin, context.CancellationToken));
        return run.View.ToMessage(withDocument: true);
    }

    [AuthorizeRoles(PeerRole.Operator)]
    public override async Task<Campaign> StartCampaign(StartCampaignRequest request, ServerCallContext context)
    {
        var run = await FindAsync(request.Name, "name", context);
        var (_, view) = await CommandAsync(run, request.Name, request, context, caller =>
        {
            channels.Require(run);
            return new StartCampaign(request.StartTime?.ToDateTimeOffset(), caller.Name) { Assumptions = ForecastAssumptionsReader.Read(request) };
        });
        return view.ToMessage(withDocument: true);
    }

    [AuthorizeRoles(PeerRole.Operator)]
    public override Task<Campaign> PauseCampaign(PauseCampaignRequest request, ServerCallContext context)
        => CommandCampaignAsync(request.Name, request, context, caller => new PauseCampaign(caller.Name, Reason(request.Reason)));

    [AuthorizeRoles(PeerRole.Operator)]
    public override Task<Campaign> ResumeCampaign(ResumeCampaignRequest request, ServerCallContext context)
        => CommandCampaignAsync(request.Name, request, context, caller => new ResumeCampaign(caller.Name, Reason(request.Reason)));

    [AuthorizeRoles(PeerRole.Operator)]
    public override Task<Campaign> StopCampaign(StopCampaignRequest request, ServerCallContext context)
        => CommandCampaignAsync(request.Name, request, context, caller => new StopCampaign(caller.Name, Reason(request.Reason)) { TakesBack = request.TakeBack });

    [AuthorizeRoles(PeerRole.Operator)]
    public override async Task<Empty> DeleteCampaign(DeleteCampaignRequest request, ServerCallContext context)
    {
        var run = await FindAsync(request.Name, "name", context);
        var (id, origin) = (run.View.Campaign.Id, CommandOrigin.Of(context, request.Name, request));
        try
        {
            if (request.ConfirmName != id)
            {
                throw CampaignFailures.Precondition(
                    "CONFIRMATION_REQUIRED", $"deleting {request.Name} needs confirm_name '{id}', not '{Shortened(request.ConfirmName)}'", ("name", request.Name));
            }

            await runs.DeleteAsync(id, origin.Caller.Actor, AuditEntries.Of(time.GetUtcNow(), origin, refusal: null, isChange: true), context.CancellationToken);
        }
        catch (RpcFailure refusal) when (refusal.StatusCode != StatusCode.NotFound && !CampaignFailures.IsOutcomeUnknown(refusal))
        {
            await run.RecordAsync(origin, refusal);
            throw;
        }

        return new Empty();
    }

    [AuthorizeRoles(PeerRole.Operator)]
    public override Task<Campaign> ApproveWave(ApproveWaveRequest request, ServerCallContext context)
        => CommandCampaignAsync(request.Name, request, context, caller => new ApproveWave(request.Wave, caller.Name, Reason(request.Comment, "comment")) { WayBack = request.WayBack });

    [AuthorizeRoles(PeerRole.Operator)]
    public override Task<Campaign> RejectWave(RejectWaveRequest request, ServerCallContext context)
        => CommandCampaignAsync(request.Name, request, context, caller => new RejectWave(request.Wave, caller.Name, Reason(request.Comment, "comment")));

    [AuthorizeRoles(PeerRole.Operator)]
    public override async Task<RetryItemsResponse> RetryItems(RetryItemsRequest request, ServerCallContext context)
    {
        var run = await FindAsync(request.Name, "name", context);
        var (command, view) = await CommandAsync(run, request.Name, request, context, caller => Retry(request, caller));
        var ids = command.Input is RetryItems { Items: { Count: > 0 } named } ? named : command.Retried;
        var response = new RetryItemsResponse();
        response.Items.AddRange(ids.Select(view.IndexOf).Where(index => index is not null).Select(index => view.ToMessage(index!.Value)).Where(item => item.State != ItemState.Skipped));
        return response;
    }

    [AuthorizeRoles(PeerRole.Operator)]
    public override Task<Item> CancelItem(CancelItemRequest request, ServerCallContext context)
        => CommandItemAsync(request.Name, request, context, (item, caller) => new CancelItem(item, request.ConfirmPossibleDataLoss, caller.Name, Reason(request.Reason)));

    [AuthorizeRoles(PeerRole.Operator)]
    public override Task<Item> SkipItem(SkipItemRequest request, ServerCallContext context)
        => CommandItemAsync(request.Name, request, context, (item, caller) => new SkipItem(item, caller.Name, Reason(request.Reason)));

    [AuthorizeRoles(PeerRole.Operator)]
    public override Task<Item> ResolveItem(ResolveItemRequest request, ServerCallContext context)
        => CommandItemAsync(request.Name, request, context, (item, caller) => new ResolveItem(item, IsSuccess(request.Resolution), caller.Name, Reason(request.Reason)));

    [AuthorizeRoles(PeerRole.Operator)]
    public override Task<Item> RecheckItem(RecheckItemRequest request, ServerCallContext context)
        => CommandItemAsync(request.Name, request, context, (item, caller) => new RecheckItem(item, caller.Name));

    private async Task<Campaign> CommandCampaignAsync(string name, IMessage request, ServerCallContext context, Func<Caller, CampaignInput> command)
    {
        var run = await FindAsync(name, "name", context);
        var (_, view) = await CommandAsync(run, name, request, context, command);
        return view.ToMessage(withDocument: true);
    }

    private async Task<Item> CommandItemAsync(string name, IMessage request, ServerCallContext context, Func<string, Caller, CampaignInput> command)
    {
        var (campaignId, itemId) = ResourceNames.ParseItem(name, "name");
        var run = await FindAsync(ResourceNames.Campaign(campaignId), "name", context);
        var (_, view) = await CommandAsync(run, name, request, context, caller => command(itemId, caller));
        return view.ToMessage(view.IndexOf(itemId) ?? throw CampaignFailures.ItemNotFound(name));
    }

    private static Task<(CommandMessage Command, CampaignView View)> CommandAsync(CampaignRun run, string target, IMessage request, ServerCallContext context, Func<Caller, CampaignInput> command)
        => CommandAsync(run, target, request, context, origin => Task.FromResult(new CommandMessage(command(origin.Caller), origin)));

    /// <summary>Executes a command, or only tries it, and gives what is shown after it. A command that is refused before it reaches the machine is recorded too.</summary>
    private static async Task<(CommandMessage Command, CampaignView View)> CommandAsync(CampaignRun run, string target, IMessage request, ServerCallContext context, Func<CommandOrigin, Task<CommandMessage>> prepare)
    {
        var origin = CommandOrigin.Of(context, target, request);
        CommandMessage command;
        if (IsTrial(request))
        {
            command = await prepare(origin);
            return (command, await run.TryAsync(command, context.CancellationToken));
        }

        try
        {
            command = await prepare(origin) with { Request = RequestIdentity.Of(origin) };
        }
        catch (RpcFailure refusal)
        {
            await run.RecordAsync(origin, refusal);
            throw;
        }

        await run.CommandAsync(command, context.CancellationToken);
        return (command, run.View);
    }

    private static bool IsTrial(IMessage request) => request.Descriptor.FindFieldByName("validate_only")?.Accessor.GetValue(request) is true;

    private static RetryItems Retry(RetryItemsRequest request, Caller caller) => request.ItemIds.Count <= MaxRetriedItems
        ? new RetryItems([.. request.ItemIds.Select(id => ItemId(request.Name, id)).Distinct(StringComparer.Ordinal)], caller.Name, Reason(request.Reason))
        : throw CampaignFailures.InvalidRequest(new FieldViolation(
            "item_ids", $"has {request.ItemIds.Count} items; at most {MaxRetriedItems} are allowed, and none means every failed one"));

    private static string Shortened(string text) => text.Length > 100 ? text[..100] + "…" : text;

    // A bare id, as in earlier versions, or the resource name that every other method takes.
    private static string ItemId(string campaign, string idOrName)
    {
        if (!idOrName.Contains('/', StringComparison.Ordinal))
        {
            return idOrName;
        }

        var (campaignId, itemId) = ResourceNames.ParseItem(idOrName, "item_ids");
        return ResourceNames.Campaign(campaignId) == campaign
            ? itemId
            : throw CampaignFailures.InvalidRequest(new FieldViolation("item_ids", $"'{idOrName}' must be an item of {campaign}"));
    }

    private static bool IsSuccess(ItemState resolution) => resolution switch
    {
        ItemState.Succeeded => true,
        ItemState.Failed => false,
        _ => throw CampaignFailures.InvalidRequest(new FieldViolation("resolution", $"{resolution} must be ITEM_STATE_SUCCEEDED or ITEM_STATE_FAILED")),
    };

    private static string Reason(string reason, string field = "reason") => reason.Length <= MaxReason
        ? reason
        : throw CampaignFailures.InvalidRequest(new FieldViolation(field, $"has {reason.Length} characters; at most {MaxReason} are allowed"));
}
