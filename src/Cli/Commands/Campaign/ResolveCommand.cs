using System.CommandLine;
using HostAgent.Cli.Connection;
using HostAgent.Cli.Output;
using HostAgent.Contracts.Campaigns.V1;

namespace HostAgent.Cli.Commands.Campaign;

/// <summary>failback campaign resolve: records a person's decision about an item whose outcome is unknown.</summary>
internal sealed class ResolveCommand : CoordinatorCommand
{
    private readonly Argument<string> _name = CampaignArguments.Name();
    private readonly Argument<string> _item = CampaignArguments.Item();
    private readonly Option<ItemState> _as = ChoiceOption.One(
        "--as", "How it ended, as a person has seen.", ("succeeded", ItemState.Succeeded), ("failed", ItemState.Failed));

    private readonly Option<string> _reason = CampaignArguments.Reason(required: true);

    /// <summary>Defines the command.</summary>
    public ResolveCommand(CommandSetting setting)
        : base("resolve", "Record a person's decision about an item whose outcome is unknown.", setting)
    {
        _as.Required = true;
        Add(_name);
        Add(_item);
        Add(_as);
        Add(_reason);
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult parsed, CoordinatorConnection coordinator, CancellationToken cancellation)
    {
        var request = new ResolveItemRequest
        {
            Name = ResourceName.Item(parsed.GetRequiredValue(_name), parsed.GetRequiredValue(_item)),
            Resolution = parsed.GetRequiredValue(_as),
            Reason = parsed.GetRequiredValue(_reason),
        };
        var item = await coordinator.Campaigns.ResolveItemAsync(request, coordinator.Deadline(cancellation));
        Results(parsed).Write(item, CampaignText.Sentence(item));
        return ExitCode.Success;
    }
}
