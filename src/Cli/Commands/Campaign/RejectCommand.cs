using System.CommandLine;
using HostAgent.Cli.Connection;
using HostAgent.Cli.Output;
using HostAgent.Contracts.Campaigns.V1;

namespace HostAgent.Cli.Commands.Campaign;

/// <summary>failback campaign reject: records a rejection.</summary>
internal sealed class RejectCommand : CoordinatorCommand
{
    private readonly Argument<string> _name = CampaignArguments.Name();
    private readonly Argument<string> _wave = CampaignArguments.Wave();
    private readonly Option<string> _comment = new("--comment") { HelpName = "TEXT", Description = "A comment for the record (at most 1024 characters)." };

    /// <summary>Defines the command.</summary>
    public RejectCommand(CommandSetting setting)
        : base("reject", "Reject the gate of a wave: the campaign pauses until it is approved after all.", setting)
    {
        Add(_name);
        Add(_wave);
        Add(_comment);
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult parsed, CoordinatorConnection coordinator, CancellationToken cancellation)
    {
        var request = new RejectWaveRequest
        {
            Name = ResourceName.Campaign(parsed.GetRequiredValue(_name)),
            Wave = parsed.GetRequiredValue(_wave),
            Comment = parsed.GetValue(_comment) ?? "",
        };
        var campaign = await coordinator.Campaigns.RejectWaveAsync(request, coordinator.Deadline(cancellation));
        Results(parsed).Write(campaign, CampaignText.Sentence(campaign));
        return ExitCode.Success;
    }
}
