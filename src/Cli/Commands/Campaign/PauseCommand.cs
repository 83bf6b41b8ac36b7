using System.CommandLine;
using HostAgent.Cli.Connection;
using HostAgent.Cli.Output;
using HostAgent.Contracts.Campaigns.V1;

namespace HostAgent.Cli.Commands.Campaign;

/// <summary>failback campaign pause: stops starting items.</summary>
internal sealed class PauseCommand : CoordinatorCommand
{
    private readonly Argument<string> _name = CampaignArguments.Name();
    private readonly Option<string> _reason = CampaignArguments.Reason();

    /// <summary>Defines the command.</summary>
    public PauseCommand(CommandSetting setting)
        : base("pause", "Stop starting items until the campaign is resumed; what runs goes on.", setting)
    {
        Add(_name);
        Add(_reason);
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult parsed, CoordinatorConnection coordinator, CancellationToken cancellation)
    {
        var request = new PauseCampaignRequest
        {
            Name = ResourceName.Campaign(parsed.GetRequiredValue(_name)),
            Reason = parsed.GetValue(_reason) ?? "",
        };
        var campaign = await coordinator.Campaigns.PauseCampaignAsync(request, coordinator.Deadline(cancellation));
        Results(parsed).Write(campaign, CampaignText.Sentence(campaign));
        return ExitCode.Success;
    }
}
