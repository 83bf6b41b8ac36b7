using System.CommandLine;
using Grpc.Core;
using HostAgent.Cli.Connection;
using CampaignMessage = HostAgent.Contracts.Campaigns.V1.Campaign;
using CampaignsClient = HostAgent.Contracts.Campaigns.V1.Campaigns.CampaignsClient;

namespace HostAgent.Cli.Commands.Campaign;

/// <summary>A verb by which a person decides what a wave waits for: approve, reject, end-soak.</summary>
internal sealed class DecideGateCommand : CoordinatorCommand
{
    private readonly Argument<string> _name = CampaignArguments.Name();
    private readonly Argument<string> _wave = new("WAVE") { Description = "The wave's name." };
    private readonly Option<string> _comment = new("--comment") { HelpName = "TEXT", Description = "A comment for the record (at most 1024 characters)." };
    private readonly Option<bool>? _switch;
    private readonly Method _method;

    public DecideGateCommand(string verb, string description, CommandContext context, Method method, Option<bool>? withSwitch = null)
        : base(verb, description, context)
    {
        (_method, _switch) = (method, withSwitch);
        Add(_name);
        Add(_wave);
        Add(_comment);
        OfferDryRun();
        if (withSwitch is not null)
        {
            Add(withSwitch);
        }
    }

    /// <summary>The API method of the verb.</summary>
    public delegate AsyncUnaryCall<CampaignMessage> Method(CampaignsClient campaigns, string name, string wave, string comment, bool isSwitched, CallOptions options);

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult parsed, CoordinatorConnection coordinator, CancellationToken cancellationToken)
    {
        var name = ResourceName.Campaign(parsed.GetRequiredValue(_name));
        var call = _method(coordinator.Campaigns, name, parsed.GetRequiredValue(_wave), parsed.GetValue(_comment) ?? "", _switch is not null && parsed.GetValue(_switch), coordinator.Deadline(cancellationToken));
        var campaign = await call;
        Results(parsed).Write(campaign, CampaignText.Sentence(campaign));
        return ExitCode.Success;
    }
}
