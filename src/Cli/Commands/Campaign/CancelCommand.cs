using System.CommandLine;
using HostAgent.Cli.Connection;
using HostAgent.Cli.Output;
using HostAgent.Contracts.Campaigns.V1;

namespace HostAgent.Cli.Commands.Campaign;

/// <summary>failback campaign cancel: terminates the host's job of one running item.</summary>
internal sealed class CancelCommand : CoordinatorCommand
{
    private const string Warning =
        "WARNING: a failback cancelled during data synchronisation can leave disks that must not be booted; the failback must then be run again.";

    private readonly Argument<string> _name = CampaignArguments.Name();
    private readonly Argument<string> _item = CampaignArguments.Item();
    private readonly Option<string> _reason = CampaignArguments.Reason();
    private readonly Option<bool> _confirmed = new("--confirm-possible-data-loss")
    {
        Description = "Needed: you have understood that the disks may be unusable until the failback is run again.",
    };

    /// <summary>Defines the command.</summary>
    public CancelCommand(CommandSetting setting)
        : base("cancel", $"Terminate the host's job of one running item. {Warning}", setting)
    {
        Add(_name);
        Add(_item);
        Add(_confirmed);
        Add(_reason);
        Validators.Add(result =>
        {
            if (!result.GetValue(_confirmed))
            {
                result.AddError(Warning);
                result.AddError($"Nothing was cancelled. Say {_confirmed.Name} to cancel the item.");
            }
        });
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult parsed, CoordinatorConnection coordinator, CancellationToken cancellation)
    {
        Results(parsed).Remark(Warning);
        var request = new CancelItemRequest
        {
            Name = ResourceName.Item(parsed.GetRequiredValue(_name), parsed.GetRequiredValue(_item)),
            ConfirmPossibleDataLoss = true,
            Reason = parsed.GetValue(_reason) ?? "",
        };
        var answer = await coordinator.Campaigns.CancelItemAsync(request, coordinator.Deadline(cancellation));
        Results(parsed).Write(answer, CampaignText.Sentence(answer));
        return ExitCode.Success;
    }
}
