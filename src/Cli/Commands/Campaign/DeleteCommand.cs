using System.CommandLine;
using HostAgent.Cli.Connection;
using HostAgent.Contracts.Campaigns.V1;

namespace HostAgent.Cli.Commands.Campaign;

/// <summary>failback campaign delete: removes a campaign that has ended or was never started; its audit stays.</summary>
internal sealed class DeleteCommand : CoordinatorCommand
{
    private readonly Argument<string> _name = CampaignArguments.Name();
    private readonly Option<string> _confirm = new("--confirm")
    {
        HelpName = "NAME",
        Required = true,
        Description = "The campaign's name again, to confirm.",
    };

    public DeleteCommand(CommandContext context)
        : base("delete", "Delete a campaign that has ended or was never started. Its audit stays, and its name may be used again.", context)
    {
        Add(_name);
        Add(_confirm);
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult parsed, CoordinatorConnection coordinator, CancellationToken cancellationToken)
    {
        var name = ResourceName.Campaign(parsed.GetRequiredValue(_name));
        var request = new DeleteCampaignRequest { Name = name, ConfirmName = ResourceName.Id(parsed.GetRequiredValue(_confirm)) };
        var deleted = await coordinator.Campaigns.DeleteCampaignAsync(request, coordinator.Deadline(cancellationToken));
        Results(parsed).Write(deleted, $"{ResourceName.Id(name)} is deleted. \"failback audit export\" still has its audit.");
        return ExitCode.Success;
    }
}
