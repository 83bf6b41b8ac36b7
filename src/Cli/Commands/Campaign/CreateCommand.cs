using System.CommandLine;
using HostAgent.Cli.Connection;
using HostAgent.Contracts.Campaigns.V1;

namespace HostAgent.Cli.Commands.Campaign;

/// <summary>failback campaign create: stores a campaign, and starts and watches it when asked to.</summary>
internal sealed class CreateCommand : CoordinatorCommand
{
    private readonly Argument<string> _file = CampaignArguments.File();
    private readonly Option<bool> _accept = CampaignArguments.AcceptWarnings();
    private readonly Option<string> _id = new("--id") { HelpName = "ID", Description = "The campaign's id; the document's metadata.name when not given." };
    private readonly Option<bool> _start = new("--start") { Description = "Start it immediately." };
    private readonly Option<bool> _watch = CampaignArguments.Watch();

    public CreateCommand(CommandContext context)
        : base("create", "Check, plan and store a campaign. Starts it only with --start.", context)
    {
        Add(_file);
        Add(_accept);
        Add(_id);
        Add(_start);
        Add(_watch);
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult parsed, CoordinatorConnection coordinator, CancellationToken cancellationToken)
    {
        var document = await DocumentFile.ReadAsync(Environment, parsed.GetRequiredValue(_file), cancellationToken);
        var request = new CreateCampaignRequest { CampaignId = parsed.GetValue(_id) ?? "", Document = document, AcceptWarnings = parsed.GetValue(_accept) };
        var campaign = await DocumentFile.CallAsync(
            coordinator, document, () => coordinator.Campaigns.CreateCampaignAsync(request, coordinator.Deadline(cancellationToken)), cancellationToken);
        var notes = CampaignText.Notes(campaign);
        if (parsed.GetValue(_start))
        {
            campaign = await coordinator.Campaigns.StartCampaignAsync(
                new StartCampaignRequest { Name = campaign.Name }, coordinator.Deadline(cancellationToken));
        }

        if (parsed.GetValue(_watch))
        {
            foreach (var note in notes)
            {
                Results(parsed).Remark(note);
            }

            return await new CampaignWatch(coordinator, Results(parsed), Environment.Time).RunAsync(campaign.Name, cancellationToken);
        }

        Results(parsed).Write(campaign, [CampaignText.Sentence(campaign), .. notes]);
        return ExitCode.Success;
    }
}
