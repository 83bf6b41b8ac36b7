using System.CommandLine;
using Grpc.Core;
using HostAgent.Contracts.Campaigns.V1;
using CampaignsClient = HostAgent.Contracts.Campaigns.V1.Campaigns.CampaignsClient;

namespace HostAgent.Cli.Commands.Campaign;

/// <summary>failback campaign resolve: records a person's decision about an item whose outcome is unknown.</summary>
internal sealed class ResolveCommand : ItemCommand
{
    private readonly Option<ItemState> _as = ChoiceOption.One(
        "--as", "How it ended, as a person has seen.", ("succeeded", ItemState.Succeeded), ("failed", ItemState.Failed));

    private readonly Option<string> _reason = CampaignArguments.Reason(required: true);

    /// <summary>Defines the command.</summary>
    public ResolveCommand(CommandSetting setting)
        : base("resolve", "Record a person's decision about an item whose outcome is unknown.", setting)
    {
        _as.Required = true;
        Add(_as);
        Add(_reason);
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
