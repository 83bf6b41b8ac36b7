using System.CommandLine;
using Grpc.Core;
using HostAgent.Cli.Connection;
using HostAgent.Contracts.Campaigns.V1;
using CampaignsClient = HostAgent.Contracts.Campaigns.V1.Campaigns.CampaignsClient;

namespace HostAgent.Cli.Commands.Campaign;

/// <summary>A verb about one item of a campaign, named by campaign and item: skip, cancel, resolve, recheck.</summary>
internal abstract class ItemCommand : CoordinatorCommand
{
    private readonly Argument<string> _name = CampaignArguments.Name();
    private readonly Argument<string> _item = new("ITEM") { Description = "The item's id, as \"campaign show NAME --items\" lists it." };

    protected ItemCommand(string verb, string description, CommandContext context)
        : base(verb, description, context)
    {
        Add(_name);
        Add(_item);
    }

    /// <summary>Calls the API method of the verb.</summary>
    protected abstract AsyncUnaryCall<Item> Call(CampaignsClient campaigns, string itemName, ParseResult parsed, CallOptions options);

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult parsed, CoordinatorConnection coordinator, CancellationToken cancellationToken)
    {
        var name = ResourceName.Item(parsed.GetRequiredValue(_name), parsed.GetRequiredValue(_item));
        var item = await Call(coordinator.Campaigns, name, parsed, coordinator.Deadline(cancellationToken));
        Results(parsed).Write(item, CampaignText.Sentence(item));
        return ExitCode.Success;
    }
}

/// <summary>failback campaign cancel: terminates the host's job of one running item.</summary>
internal sealed class CancelCommand : ItemCommand
{
    private const string Warning =
        "WARNING: a failback cancelled during data synchronisation can leave disks that must not be booted; the failback must then be run again.";

    private readonly Option<string> _reason = CampaignArguments.Reason();
    private readonly Option<bool> _confirmed = new("--confirm-possible-data-loss")
    {
        Description = "Required: confirms that the disks may be unusable until the failback is run again.",
    };

    public CancelCommand(CommandContext context)
        : base("cancel", $"Terminate the host's job of one running item. {Warning}", context)
    {
        Add(_confirmed);
        Add(_reason);
        OfferDryRun();
        Validators.Add(result =>
        {
            if (!result.GetValue(_confirmed))
            {
                result.AddError(Warning);
                result.AddError($"Nothing was cancelled. Add {_confirmed.Name} to cancel the item.");
            }
        });
    }

    /// <inheritdoc/>
    protected override AsyncUnaryCall<Item> Call(CampaignsClient campaigns, string itemName, ParseResult parsed, CallOptions options)
    {
        Results(parsed).Remark(Warning);
        var request = new CancelItemRequest { Name = itemName, ConfirmPossibleDataLoss = true, Reason = parsed.GetValue(_reason) ?? "" };
        return campaigns.CancelItemAsync(request, options);
    }
}

/// <summary>failback campaign skip: leaves out an item that has not been started.</summary>
internal sealed class SkipCommand : ItemCommand
{
    private readonly Option<string> _reason = CampaignArguments.Reason();

    public SkipCommand(CommandContext context)
        : base("skip", "Skip an item that has not started.", context)
    {
        Add(_reason);
        OfferDryRun();
    }

    /// <inheritdoc/>
    protected override AsyncUnaryCall<Item> Call(CampaignsClient campaigns, string itemName, ParseResult parsed, CallOptions options)
        => campaigns.SkipItemAsync(new SkipItemRequest { Name = itemName, Reason = parsed.GetValue(_reason) ?? "" }, options);
}

/// <summary>failback campaign resolve: records a person's decision about an item whose outcome is unknown.</summary>
internal sealed class ResolveCommand : ItemCommand
{
    private readonly Option<ItemState> _as = ChoiceOption.One(
        "--as", "How it ended, as checked by a person.", ("succeeded", ItemState.Succeeded), ("failed", ItemState.Failed));

    private readonly Option<string> _reason = CampaignArguments.Reason(required: true);

    public ResolveCommand(CommandContext context)
        : base("resolve", "Record a person's decision about an item whose outcome is unknown.", context)
    {
        _as.Required = true;
        Add(_as);
        Add(_reason);
        OfferDryRun();
    }

    /// <inheritdoc/>
    protected override AsyncUnaryCall<Item> Call(CampaignsClient campaigns, string itemName, ParseResult parsed, CallOptions options)
    {
        var request = new ResolveItemRequest
        {
            Name = itemName,
            Resolution = parsed.GetRequiredValue(_as),
            Reason = parsed.GetRequiredValue(_reason),
        };
        return campaigns.ResolveItemAsync(request, options);
    }
}

/// <summary>failback campaign recheck: asks the host again about an item whose outcome is unknown.</summary>
internal sealed class RecheckCommand(CommandContext context)
    : ItemCommand("recheck", "Ask the host again about an item whose outcome is unknown.", context)
{
    /// <inheritdoc/>
    protected override AsyncUnaryCall<Item> Call(CampaignsClient campaigns, string itemName, ParseResult parsed, CallOptions options)
        => campaigns.RecheckItemAsync(new RecheckItemRequest { Name = itemName }, options);
}
