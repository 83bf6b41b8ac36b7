using System.CommandLine;
using HostAgent.Cli.Connection;
using HostAgent.Cli.Output;
using HostAgent.Contracts.Campaigns.V1;

namespace HostAgent.Cli.Commands.Campaign;

/// <summary>failback campaign approve: records an approval.</summary>
internal sealed class ApproveCommand : CoordinatorCommand
{
    private readonly Argument<string> _name = CampaignArguments.Name();
    private readonly Argument<string> _wave = CampaignArguments.Wave();
    private readonly Option<string> _comment = new("--comment") { HelpName = "TEXT", Description = "A comment for the record (at most 1024 characters)." };

    /// <summary>Defines the command.</summary>
    public ApproveCommand(CommandSetting setting)
        : base("approve", "Approve the gate of a wave, as one of its approvers.", setting)
    {
        Add(_name);
        Add(_wave);
        Add(_comment);
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult parsed, CoordinatorConnection coordinator, CancellationToken cancellation)
    {
        var request = new ApproveWaveRequest
        {
            Name = ResourceName.Campaign(parsed.GetRequiredValue(_name)),
            Wave = parsed.GetRequiredValue(_wave),
            Comment = parsed.GetValue(_comment) ?? "",
        };
        var campaign = await coordinator.Campaigns.ApproveWaveAsync(request, coordinator.Deadline(cancellation));
        Results(parsed).Write(campaign, CampaignText.Sentence(campaign));
        return ExitCode.Success;
    }
}
