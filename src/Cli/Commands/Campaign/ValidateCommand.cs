using System.CommandLine;
using HostAgent.Cli.Connection;
using HostAgent.Cli.Errors;
using HostAgent.Contracts.Campaigns.V1;

namespace HostAgent.Cli.Commands.Campaign;

/// <summary>failback campaign validate: every error of a document in one pass.</summary>
internal sealed class ValidateCommand : CoordinatorCommand
{
    private readonly Argument<string> _file = CampaignArguments.File();

    /// <summary>Defines the command.</summary>
    public ValidateCommand(CommandSetting setting)
        : base("validate", "Check a campaign's document and print every error with its place. Keeps nothing.", setting)
        => Add(_file);

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult parsed, CoordinatorConnection coordinator, CancellationToken cancellation)
    {
        var document = await DocumentFile.ReadAsync(Shell, parsed.GetRequiredValue(_file), cancellation);
        var answer = await coordinator.Campaigns.ValidateCampaignAsync(
            new ValidateCampaignRequest { Document = document }, coordinator.Deadline(cancellation));
        Results(parsed).Write(answer, shell =>
        {
            if (!answer.Valid)
            {
                throw new CommandFailure(ExitCode.Invalid, DocumentFile.Lines(document, answer.Errors));
            }

            shell.Output.WriteLine($"{document.Source} is valid.");
        });
        return answer.Valid ? ExitCode.Success : ExitCode.Invalid;
    }
}
