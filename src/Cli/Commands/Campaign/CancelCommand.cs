using System.CommandLine;
using Grpc.Core;
using HostAgent.Contracts.Campaigns.V1;
using CampaignsClient = HostAgent.Contracts.Campaigns.V1.Campaigns.CampaignsClient;

namespace HostAgent.Cli.Commands.Campaign;

/// <summary>failback campaign cancel: terminates the host's job of one running item.</summary>
internal sealed class CancelCommand : ItemCommand
{
    private const string Warning =
        "WARNING: a failback cancelled during data synchronisation can leave disks that must not be booted; the failback must then be run again.";

    private readonly Option<string> _reason = CampaignArguments.Reason();
    private readonly Option<bool> _confirmed = new("--confirm-possible-data-loss")
    {
        Description = "Needed: you have understood that the disks may be unusable until the failback is run again.",
    };

    /// <summary>Defines the command.</summary>
    public CancelCommand(CommandSetting setting)
        : base("cancel", $"Terminate the host's job of one running item. {Warning}", setting)
    {
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
    protected override AsyncUnaryCall<Item> Call(CampaignsClient campaigns, string itemName, ParseResult parsed, CallOptions options)
    {
        Results(parsed).Remark(Warning);
        var request = new CancelItemRequest { Name = itemName, ConfirmPossibleDataLoss = true, Reason = parsed.GetValue(_reason) ?? "" };
        return campaigns.CancelItemAsync(request, options);
    }
}
