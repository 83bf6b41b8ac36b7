using System.CommandLine;
using HostAgent.Cli.Connection;
using HostAgent.Cli.Output;
using HostAgent.Contracts.Campaigns.V1;

namespace HostAgent.Cli.Commands.Campaign;

/// <summary>failback campaign skip: leaves out an item that has not been started.</summary>
internal sealed class SkipCommand : CoordinatorCommand
{
    private readonly Argument<string> _name = CampaignArguments.Name();
    private readonly Argument<string> _item = CampaignArguments.Item();
    private readonly Option<string> _reason = CampaignArguments.Reason();

    /// <summary>Defines the command.</summary>
    public SkipCommand(CommandSetting setting)
        : base("skip", "Leave out an item that has not been started.", setting)
    {
        Add(_name);
        Add(_item);
        Add(_reason);
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult parsed, CoordinatorConnection coordinator, CancellationToken cancellation)
    {
        var request = new SkipItemRequest
        {
            Name = ResourceName.Item(parsed.GetRequiredValue(_name), parsed.GetRequiredValue(_item)),
            Reason = parsed.GetValue(_reason) ?? "",
        };
        var item = await coordinator.Campaigns.SkipItemAsync(request, coordinator.Deadline(cancellation));
        Results(parsed).Write(item, CampaignText.Sentence(item));
        return ExitCode.Success;
    }
}
