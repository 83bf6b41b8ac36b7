using System.CommandLine;
using HostAgent.Cli.Connection;
using HostAgent.Cli.Output;
using HostAgent.Contracts.Campaigns.V1;

namespace HostAgent.Cli.Commands.Campaign;

/// <summary>failback campaign resume: starts items again.</summary>
internal sealed class ResumeCommand : CoordinatorCommand
{
    private readonly Argument<string> _name = CampaignArguments.Name();
    private readonly Option<string> _reason = CampaignArguments.Reason();

    /// <summary>Defines the command.</summary>
    public ResumeCommand(CommandSetting setting)
        : base("resume", "Start items again; after a pause by tolerance the budget is counted anew.", setting)
    {
        Add(_name);
        Add(_reason);
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult parsed, CoordinatorConnection coordinator, CancellationToken cancellation)
    {
        var request = new ResumeCampaignRequest
        {
            Name = ResourceName.Campaign(parsed.GetRequiredValue(_name)),
            Reason = parsed.GetValue(_reason) ?? "",
        };
        var campaign = await coordinator.Campaigns.ResumeCampaignAsync(request, coordinator.Deadline(cancellation));
        Results(parsed).Write(campaign, CampaignText.Sentence(campaign));
        return ExitCode.Success;
    }
}
