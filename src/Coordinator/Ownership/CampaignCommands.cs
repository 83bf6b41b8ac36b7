using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using HostAgent.Campaigns.Messages;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Coordinator.Notifications;
using HostAgent.Coordinator.Runs;
using HostAgent.Coordinator.Watching;
using HostAgent.Coordinator.Wire;
using HostAgent.Texts;
using HostAgent.Transport;

namespace HostAgent.Coordinator.Ownership;

/// <summary>The owner's side of the calls to a campaign. Each command is one input of the campaign's machine and one record in its audit.</summary>
internal sealed class CampaignCommands(CampaignRuns runs, CampaignRevision revision, ProvenChannels channels, TimeProvider time)
{
    private const int MaxReason = 1024;
    private const int MaxRetriedItems = 5000;

    /// <summary>Executes a call and gives its response.</summary>
    /// <exception cref="RpcFailure">As in the contract of the method.</exception>
    public async Task<IMessage> ExecuteAsync(CampaignRun run, CampaignCall call, CancellationToken cancellationToken) => call.Request switch
    {
        GetCampaignRequest => run.View.ToMessage(withDocument: true),
        ExplainCampaignRequest request => await ExplainAsync(run, request, cancellationToken),
        UpdateCampaignRequest request => Shown(await CommandAsync(run, call, request.Name, origin => revision.PrepareAsync(run, request, origin, cancellationToken), cancellationToken)),
        StartCampaignRequest request => Shown(await CommandAsync(run, call, request.Name, caller => Start(run, call, request, caller), cancellationToken)),
        PauseCampaignRequest request => Shown(await CommandAsync(run, call, request.Name, caller => new PauseCampaign(caller.Name, Reason(request.Reason)), cancellationToken)),
        ResumeCampaignRequest request => Shown(await CommandAsync(run, call, request.Name, caller => new ResumeCampaign(caller.Name, Reason(request.Reason)), cancellationToken)),
        StopCampaignRequest request => Shown(await CommandAsync(
            run, call, request.Name, caller => new StopCampaign(caller.Name, Reason(request.Reason)) { TakesBack = request.TakeBack }, cancellationToken)),
        DeleteCampaignRequest request => await DeleteAsync(run, call, request, cancellationToken),
        ApproveWaveRequest request => Shown(await CommandAsync(
            run, call, request.Name, caller => new ApproveWave(request.Wave, caller.Name, Reason(request.Comment, "comment")) { WayBack = request.WayBack }, cancellationToken)),
        RejectWaveRequest request => Shown(await CommandAsync(run, call, request.Name, caller => new RejectWave(request.Wave, caller.Name, Reason(request.Comment, "comment")), cancellationToken)),
        EndSoakRequest request => Shown(await CommandAsync(run, call, request.Name, caller => new EndSoak(request.Wave, caller.Name, Reason(request.Comment, "comment")), cancellationToken)),
        RetryItemsRequest request => Retried(await CommandAsync(run, call, request.Name, caller => Retry(request, caller), cancellationToken)),
        CancelItemRequest request => await CommandItemAsync(
            run, call, request.Name, (item, caller) => new CancelItem(item, request.ConfirmPossibleDataLoss, caller.Name, Reason(request.Reason)), cancellationToken),
        SkipItemRequest request => await CommandItemAsync(run, call, request.Name, (item, caller) => new SkipItem(item, caller.Name, Reason(request.Reason)), cancellationToken),
        ResolveItemRequest request => await CommandItemAsync(
            run, call, request.Name, (item, caller) => new ResolveItem(item, IsSuccess(request.Resolution), caller.Name, Reason(request.Reason)), cancellationToken),
        RecheckItemRequest request => await CommandItemAsync(run, call, request.Name, (item, caller) => new RecheckItem(item, caller.Name), cancellationToken),
        _ => throw new ArgumentException($"{call.Method} is not answered by a campaign's owner", nameof(call)),
    };

    private static async Task<ExplainCampaignResponse> ExplainAsync(CampaignRun run, ExplainCampaignRequest request, CancellationToken cancellationToken)
        => request.ItemId.Length == 0 ? await run.ExplainAsync("", cancellationToken)
            : run.View.IndexOfIdOrMachine(request.ItemId) is { } index ? await run.ExplainAsync(run.View.ToMessage(index).Name.Split('/')[^1], cancellationToken)
            : throw CampaignFailures.ItemNotFound($"{request.Name}/items/{request.ItemId}");

    private StartCampaign Start(CampaignRun run, CampaignCall call, StartCampaignRequest request, Caller caller)
    {
        if (!call.IsScheduled)
        {
            channels.Require(run);
        }

        return new StartCampaign(request.StartTime?.ToDateTimeOffset(), caller.Name) { Assumptions = ForecastAssumptionsReader.Read(request) };
    }

    private async Task<Empty> DeleteAsync(CampaignRun run, CampaignCall call, DeleteCampaignRequest request, CancellationToken cancellationToken)
    {
        var (id, origin) = (run.View.Campaign.Id, OriginOf(call, request.Name));
        try
        {
            if (request.ConfirmName != id)
            {
                throw CampaignFailures.Precondition(
                    "CONFIRMATION_REQUIRED", $"deleting {request.Name} needs confirm_name '{id}', not '{VisibleText.Shortened(request.ConfirmName)}'", ("name", request.Name));
            }

            await runs.DeleteAsync(id, origin.Caller.Actor, AuditEntries.Of(time.GetUtcNow(), origin, refusal: null, isChange: true), cancellationToken);
        }
        catch (RpcFailure refusal) when (refusal.StatusCode != StatusCode.NotFound && !CampaignFailures.IsOutcomeUnknown(refusal))
        {
            await run.RecordAsync(origin, refusal);
            throw;
        }

        return new Empty();
    }

    private static async Task<Item> CommandItemAsync(CampaignRun run, CampaignCall call, string name, Func<string, Caller, CampaignInput> command, CancellationToken cancellationToken)
    {
        var item = ResourceNames.ParseItem(name, "name").ItemId;
        var (_, view) = await CommandAsync(run, call, name, caller => command(item, caller), cancellationToken);
        return view.ToMessage(view.IndexOf(item) ?? throw CampaignFailures.ItemNotFound(name));
    }

    private static Task<(CommandMessage Command, CampaignView View)> CommandAsync(
        CampaignRun run, CampaignCall call, string target, Func<Caller, CampaignInput> command, CancellationToken cancellationToken)
        => CommandAsync(run, call, target, origin => Task.FromResult(new CommandMessage(command(origin.Caller), origin)), cancellationToken);

    /// <summary>Executes a command, or only tries it, and gives what is shown after it. A command that is refused before it reaches the machine is recorded too.</summary>
    private static async Task<(CommandMessage Command, CampaignView View)> CommandAsync(
        CampaignRun run, CampaignCall call, string target, Func<CommandOrigin, Task<CommandMessage>> prepare, CancellationToken cancellationToken)
    {
        var origin = OriginOf(call, target);
        CommandMessage command;
        if (IsTrial(call.Request))
        {
            command = await prepare(origin);
            return (command, await run.TryAsync(command, cancellationToken));
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

        await run.CommandAsync(command, cancellationToken);
        return (command, run.View);
    }

    private static CommandOrigin OriginOf(CampaignCall call, string target) => new(call.Caller, call.Method, target, call.Request);

    private static bool IsTrial(IMessage request) => request.Descriptor.FindFieldByName("validate_only")?.Accessor.GetValue(request) is true;

    private static Campaign Shown((CommandMessage Command, CampaignView View) done) => done.View.ToMessage(withDocument: true);

    private static RetryItemsResponse Retried((CommandMessage Command, CampaignView View) done)
    {
        var (command, view) = done;
        var ids = command.Input is RetryItems { Items: { Count: > 0 } named } ? named : command.Retried;
        var response = new RetryItemsResponse();
        response.Items.AddRange(ids.Select(view.IndexOf).Where(index => index is not null).Select(index => view.ToMessage(index!.Value)).Where(item => item.State != ItemState.Skipped));
        return response;
    }

    private static RetryItems Retry(RetryItemsRequest request, Caller caller) => request.ItemIds.Count <= MaxRetriedItems
        ? new RetryItems([.. request.ItemIds.Select(id => ItemId(request.Name, id)).Distinct(StringComparer.Ordinal)], caller.Name, Reason(request.Reason))
        : throw CampaignFailures.InvalidRequest(new FieldViolation(
            "item_ids", $"has {request.ItemIds.Count} items; at most {MaxRetriedItems} are allowed, and none means every failed one"));

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
