using System.CommandLine;
using HostAgent.Cli.Connection;
using HostAgent.Cli.Output;
using HostAgent.Contracts.Campaigns.V1;

namespace HostAgent.Cli.Commands.Campaign;

/// <summary>failback campaign stop: ends a campaign without touching what runs.</summary>
internal sealed class StopCommand : CoordinatorCommand
{
    private readonly Argument<string> _name = CampaignArguments.Name();
    private readonly Option<string> _reason = CampaignArguments.Reason();

    /// <summary>Defines the command.</summary>
    public StopCommand(CommandSetting setting)
        : base("stop", "End a campaign: nothing new starts, what runs is watched to its end. It cannot be resumed.", setting)
    {
        Add(_name);
        Add(_reason);
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult parsed, CoordinatorConnection coordinator, CancellationToken cancellation)
    {
        var request = new StopCampaignRequest
        {
            Name = ResourceName.Campaign(parsed.GetRequiredValue(_name)),
            Reason = parsed.GetValue(_reason) ?? "",
        };
        var campaign = await coordinator.Campaigns.StopCampaignAsync(request, coordinator.Deadline(cancellation));
        Results(parsed).Write(campaign, CampaignText.Sentence(campaign));
        return ExitCode.Success;
    }
}
