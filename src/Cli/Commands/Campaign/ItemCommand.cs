using System.CommandLine;
using Grpc.Core;
using HostAgent.Cli.Connection;
using HostAgent.Cli.Output;
using HostAgent.Contracts.Campaigns.V1;
using CampaignsClient = HostAgent.Contracts.Campaigns.V1.Campaigns.CampaignsClient;

namespace HostAgent.Cli.Commands.Campaign;

/// <summary>A verb about one item of a campaign, named by campaign and item: skip, cancel, resolve, recheck.</summary>
internal abstract class ItemCommand : CoordinatorCommand
{
    private readonly Argument<string> _name = CampaignArguments.Name();
    private readonly Argument<string> _item = new("ITEM") { Description = "The item's id, as \"campaign show NAME --items\" lists it." };

    /// <summary>Defines the command.</summary>
    protected ItemCommand(string verb, string description, CommandSetting setting)
        : base(verb, description, setting)
    {
        Add(_name);
        Add(_item);
    }

    /// <summary>Calls the method of the API that the verb stands for.</summary>
    protected abstract AsyncUnaryCall<Item> Call(CampaignsClient campaigns, string itemName, ParseResult parsed, CallOptions options);

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult parsed, CoordinatorConnection coordinator, CancellationToken cancellation)
    {
        var name = ResourceName.Item(parsed.GetRequiredValue(_name), parsed.GetRequiredValue(_item));
        var item = await Call(coordinator.Campaigns, name, parsed, coordinator.Deadline(cancellation));
        Results(parsed).Write(item, CampaignText.Sentence(item));
        return ExitCode.Success;
    }
}
