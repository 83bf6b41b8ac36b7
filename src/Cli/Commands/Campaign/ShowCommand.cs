using System.CommandLine;
using Grpc.Core;
using HostAgent.Cli.Connection;
using HostAgent.Cli.Output;
using HostAgent.Contracts.Campaigns.V1;

namespace HostAgent.Cli.Commands.Campaign;

/// <summary>failback campaign show: one campaign, and its items when asked for.</summary>
internal sealed class ShowCommand : CoordinatorCommand
{
    private const int LargestPage = 5000;

    private readonly Argument<string> _name = CampaignArguments.Name();
    private readonly Option<bool> _items = new("--items") { Description = "List the items in the order of the plan." };
    private readonly Option<ItemState[]> _states = ChoiceOption.States<ItemState>("With --items: only items in this state.");
    private readonly Option<string> _wave = new("--wave") { HelpName = "WAVE", Description = "With --items: only items of this wave." };
    private readonly Option<string> _item = new("--item") { HelpName = "ID", Description = "Show this one item instead of the campaign." };
    private readonly Option<string> _host = new("--host") { HelpName = "HOST", Description = "With --items: only items on this host." };

    public ShowCommand(CommandContext context)
        : base("show", "Show the current state of a campaign.", context)
    {
        Add(_name);
        Add(_items);
        Add(_states);
        Add(_wave);
        Add(_host);
        Add(_item);
        Validators.Add(result =>
        {
            if (result.GetValue(_items) && result.GetResult(_item) is not null)
            {
                result.AddError($"Use either {_item.Name} or {_items.Name}, not both.");
            }

            Option[] filters = [_states, _wave, _host];
            if (!result.GetValue(_items) && filters.FirstOrDefault(filter => result.GetResult(filter) is { Implicit: false }) is { } filter)
            {
                result.AddError($"{filter.Name} filters items; add {_items.Name}.");
            }
        });
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult parsed, CoordinatorConnection coordinator, CancellationToken cancellationToken)
    {
        var name = ResourceName.Campaign(parsed.GetRequiredValue(_name));
        if (parsed.GetValue(_item) is { } id)
        {
            var item = await coordinator.Campaigns.GetItemAsync(new GetItemRequest { Name = ResourceName.Item(name, id) }, coordinator.Deadline(cancellationToken));
            // What has not ended takes no longer than its campaign.
            var end = item is { StartTime: not null, EndTime: null } ? (await coordinator.Campaigns.GetCampaignAsync(new GetCampaignRequest { Name = name }, coordinator.Deadline(cancellationToken))).EndTime : null;
            Results(parsed).Write(item, environment => CampaignDetails.WriteItems(environment, [item], end));
            return ExitCode.Success;
        }

        var campaign = await coordinator.Campaigns.GetCampaignAsync(new GetCampaignRequest { Name = name }, coordinator.Deadline(cancellationToken));
        var waits = await Waits.AskAsync(coordinator, campaign, cancellationToken);
        if (!parsed.GetValue(_items))
        {
            Results(parsed).Write(campaign, environment =>
            {
                CampaignDetails.Write(environment, campaign);
                WaitText.WriteShort(environment, waits, ResourceName.Id(name));
            });
            return ExitCode.Success;
        }

        // The message of the watch holds a campaign and its items together.
        var whole = new CampaignUpdate { Version = campaign.Version, Campaign = campaign };
        var request = new ListItemsRequest
        {
            Parent = name,
            PageSize = LargestPage,
            Wave = parsed.GetValue(_wave) ?? "",
            Host = parsed.GetValue(_host) ?? "",
        };
        request.States.AddRange(parsed.GetValue(_states) ?? []);
        await Pages.ReadAllAsync(async token =>
        {
            request.PageToken = token;
            var page = await coordinator.Campaigns.ListItemsAsync(request, coordinator.Deadline(cancellationToken));
            whole.Items.AddRange(page.Items);
            return page.NextPageToken;
        });

        Results(parsed).Write(whole, environment =>
        {
            CampaignDetails.Write(environment, campaign);
            WaitText.WriteShort(environment, waits, ResourceName.Id(name));
            CampaignDetails.WriteItems(environment, whole.Items, campaign.EndTime);
        });
        return ExitCode.Success;
    }
}

/// <summary>What a shown campaign waits for.</summary>
internal static class Waits
{
    /// <summary>Asks the coordinator; nothing of a campaign that has ended, and of a coordinator that does not know the question.</summary>
    public static async Task<ExplainCampaignResponse> AskAsync(CoordinatorConnection coordinator, Contracts.Campaigns.V1.Campaign campaign, CancellationToken cancellationToken)
    {
        if (campaign.State.IsTerminal())
        {
            return new ExplainCampaignResponse();
        }

        try
        {
            return await coordinator.Campaigns.ExplainCampaignAsync(new ExplainCampaignRequest { Name = campaign.Name }, coordinator.Deadline(cancellationToken));
        }
        catch (RpcException exception) when (exception.StatusCode == StatusCode.Unimplemented)
        {
            return new ExplainCampaignResponse();
        }
    }
}
