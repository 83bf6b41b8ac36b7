using System.CommandLine;
using HostAgent.Campaigns;
using HostAgent.Cli.Output;
using HostAgent.Contracts.Campaigns.V1;
using CampaignDocument = HostAgent.Contracts.Campaigns.V1.CampaignDocument;
using DocumentReader = HostAgent.Campaigns.CampaignDocument;

namespace HostAgent.Cli.Commands.Campaign;

/// <summary>
/// failback campaign validate: every error of a document in one pass. It reads the document with the same reader as the coordinator's
/// ValidateCampaign, so both give the same answer; no coordinator is contacted.
/// </summary>
internal sealed class ValidateCommand : Command
{
    private readonly CommandSetting _setting;
    private readonly Argument<string> _file = CampaignArguments.File();

    /// <summary>Defines the command.</summary>
    public ValidateCommand(CommandSetting setting)
        : base("validate", "Check a campaign's document and print every error with its place. Needs no coordinator.")
    {
        _setting = setting;
        Add(_file);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var document = await DocumentFile.ReadAsync(_setting.Shell, parsed.GetRequiredValue(_file), cancellation);
        var answer = Validate(document, cancellation);
        new ResultWriter(_setting.Shell, parsed.GetValue(_setting.Output)).Write(answer, shell =>
        {
            if (!answer.Valid)
            {
                throw new CommandFailure(ExitCode.Invalid, DocumentFile.Lines(document, answer.Errors));
            }

            shell.Output.WriteLine($"{document.Source} is valid.");
        });
        return answer.Valid ? ExitCode.Success : ExitCode.Invalid;
    }

    private static ValidateCampaignResponse Validate(CampaignDocument document, CancellationToken cancellation)
    {
        var result = DocumentReader.Parse(document.Text, document.Source, cancellation);
        var response = new ValidateCampaignResponse { Valid = result.IsValid };
        response.Errors.AddRange(result.Errors.Select(error => new DocumentError
        {
            Path = error.Path,
            Line = error.Line,
            Column = error.Column,
            Message = error.Message,
            Value = error.Value,
            Allowed = error.Allowed,
        }));
        return response;
    }
}

/// <summary>failback campaign schema: the JSON Schema of the document.</summary>
internal sealed class SchemaCommand : Command
{
    /// <summary>Defines the command.</summary>
    public SchemaCommand(CommandSetting setting)
        : base("schema", "Print the JSON Schema (2020-12) of a campaign's document. Asks no coordinator.")
        => SetAction(_ =>
        {
            setting.Shell.Output.Write(CampaignSchema.Read());
            return ExitCode.Success;
        });
}
