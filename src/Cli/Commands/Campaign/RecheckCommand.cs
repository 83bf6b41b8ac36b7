using System.CommandLine;
using HostAgent.Cli.Connection;
using HostAgent.Cli.Output;
using HostAgent.Contracts.Campaigns.V1;

namespace HostAgent.Cli.Commands.Campaign;

/// <summary>failback campaign recheck: asks the host again about an item whose outcome is unknown.</summary>
internal sealed class RecheckCommand : CoordinatorCommand
{
    private readonly Argument<string> _name = CampaignArguments.Name();
    private readonly Argument<string> _item = CampaignArguments.Item();

    /// <summary>Defines the command.</summary>
    public RecheckCommand(CommandSetting setting)
        : base("recheck", "Ask the host again about an item whose outcome is unknown.", setting)
    {
        Add(_name);
        Add(_item);
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult parsed, CoordinatorConnection coordinator, CancellationToken cancellation)
    {
        var request = new RecheckItemRequest { Name = ResourceName.Item(parsed.GetRequiredValue(_name), parsed.GetRequiredValue(_item)) };
        var item = await coordinator.Campaigns.RecheckItemAsync(request, coordinator.Deadline(cancellation));
        Results(parsed).Write(item, CampaignText.Sentence(item));
        return ExitCode.Success;
    }
}
