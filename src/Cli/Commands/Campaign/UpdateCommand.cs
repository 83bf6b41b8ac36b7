using System.CommandLine;
using HostAgent.Cli.Connection;
using HostAgent.Contracts.Campaigns.V1;

namespace HostAgent.Cli.Commands.Campaign;

/// <summary>failback campaign update: replaces the document of a campaign that has not been started.</summary>
internal sealed class UpdateCommand : CoordinatorCommand
{
    private readonly Argument<string> _name = CampaignArguments.Name();
    private readonly Argument<string> _file = CampaignArguments.File();
    private readonly Option<bool> _accept = CampaignArguments.AcceptWarnings();
    private readonly Option<long> _version = NumberOption.Create(
        "--expected-version", "Refuse when the campaign is no longer at this version (\"campaign show\" has it); 0 for any", 0L, 0L, long.MaxValue);

    public UpdateCommand(CommandContext context)
        : base("update", "Replace the document of a campaign that has not started, and plan it again. A scheduled campaign must be scheduled again.", context)
    {
        Add(_name);
        Add(_file);
        Add(_accept);
        Add(_version);
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult parsed, CoordinatorConnection coordinator, CancellationToken cancellationToken)
    {
        var document = await DocumentFile.ReadAsync(Environment, parsed.GetRequiredValue(_file), cancellationToken);
        var request = new UpdateCampaignRequest
        {
            Name = ResourceName.Campaign(parsed.GetRequiredValue(_name)),
            Document = document,
            ExpectedVersion = parsed.GetValue(_version),
            AcceptWarnings = parsed.GetValue(_accept),
        };
        var campaign = await DocumentFile.CallAsync(
            coordinator, document, () => coordinator.Campaigns.UpdateCampaignAsync(request, coordinator.Deadline(cancellationToken)), cancellationToken);
        Results(parsed).Write(campaign, [CampaignText.Sentence(campaign), .. CampaignText.Notes(campaign)]);
        return ExitCode.Success;
    }
}
