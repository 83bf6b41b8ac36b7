using System.CommandLine;
using Grpc.Core;
using HostAgent.Contracts.Campaigns.V1;
using CampaignsClient = HostAgent.Contracts.Campaigns.V1.Campaigns.CampaignsClient;

namespace HostAgent.Cli.Commands.Campaign;

/// <summary>failback campaign recheck: asks the host again about an item whose outcome is unknown.</summary>
internal sealed class RecheckCommand(CommandSetting setting)
    : ItemCommand("recheck", "Ask the host again about an item whose outcome is unknown.", setting)
{
    /// <inheritdoc/>
    protected override AsyncUnaryCall<Item> Call(CampaignsClient campaigns, string itemName, ParseResult parsed, CallOptions options)
        => campaigns.RecheckItemAsync(new RecheckItemRequest { Name = itemName }, options);
}
