using System.CommandLine;
using Grpc.Core;
using HostAgent.Contracts.Campaigns.V1;
using CampaignsClient = HostAgent.Contracts.Campaigns.V1.Campaigns.CampaignsClient;

namespace HostAgent.Cli.Commands.Campaign;

/// <summary>failback campaign skip: leaves out an item that has not been started.</summary>
internal sealed class SkipCommand : ItemCommand
{
    private readonly Option<string> _reason = CampaignArguments.Reason();

    /// <summary>Defines the command.</summary>
    public SkipCommand(CommandSetting setting)
        : base("skip", "Leave out an item that has not been started.", setting)
        => Add(_reason);

    /// <inheritdoc/>
    protected override AsyncUnaryCall<Item> Call(CampaignsClient campaigns, string itemName, ParseResult parsed, CallOptions options)
        => campaigns.SkipItemAsync(new SkipItemRequest { Name = itemName, Reason = parsed.GetValue(_reason) ?? "" }, options);
}
