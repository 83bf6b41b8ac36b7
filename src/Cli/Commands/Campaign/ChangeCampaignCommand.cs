using System.CommandLine;
using Grpc.Core;
using HostAgent.Cli.Connection;
using CampaignMessage = HostAgent.Contracts.Campaigns.V1.Campaign;
using CampaignsClient = HostAgent.Contracts.Campaigns.V1.Campaigns.CampaignsClient;

namespace HostAgent.Cli.Commands.Campaign;

/// <summary>A verb that changes a campaign's state, with an optional reason: pause, resume, stop.</summary>
internal sealed class ChangeCampaignCommand : CoordinatorCommand
{
    private readonly Argument<string> _name = CampaignArguments.Name();
    private readonly Option<string> _reason = CampaignArguments.Reason();
    private readonly Option<bool>? _switch;
    private readonly Method _method;

    public ChangeCampaignCommand(string verb, string description, CommandContext context, Method method, Option<bool>? withSwitch = null)
        : base(verb, description, context)
    {
        (_method, _switch) = (method, withSwitch);
        Add(_name);
        Add(_reason);
        OfferDryRun();
        if (withSwitch is not null)
        {
            Add(withSwitch);
        }
    }

    /// <summary>The API method of the verb.</summary>
    public delegate AsyncUnaryCall<CampaignMessage> Method(CampaignsClient campaigns, string name, string reason, bool isSwitched, CallOptions options);

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult parsed, CoordinatorConnection coordinator, CancellationToken cancellationToken)
    {
        var name = ResourceName.Campaign(parsed.GetRequiredValue(_name));
        var campaign = await _method(coordinator.Campaigns, name, parsed.GetValue(_reason) ?? "", _switch is not null && parsed.GetValue(_switch), coordinator.Deadline(cancellationToken));
        Results(parsed).Write(campaign, CampaignText.Sentence(campaign));
        return ExitCode.Success;
    }
}
