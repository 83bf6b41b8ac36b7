using System.CommandLine;
using HostAgent.Campaigns;
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
    private readonly CommandContext _context;
    private readonly Argument<string> _file = CampaignArguments.File();

    public ValidateCommand(CommandContext context)
        : base("validate", "Check a campaign's document and print every error with its place. Needs no coordinator.")
    {
        _context = context;
        Add(_file);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var document = await DocumentFile.ReadAsync(_context.Environment, parsed.GetRequiredValue(_file), cancellationToken);
        var answer = Validate(document, cancellationToken);
        new ResultWriter(_context.Environment, parsed.GetValue(_context.Output)).Write(answer, environment =>
        {
            if (!answer.Valid)
            {
                throw new CommandException(ExitCode.Invalid, DocumentFile.Lines(document, answer.Errors));
            }

            environment.Output.WriteLine($"{document.Source} is valid.");
        });
        return answer.Valid ? ExitCode.Success : ExitCode.Invalid;
    }

    private static ValidateCampaignResponse Validate(CampaignDocument document, CancellationToken cancellationToken)
    {
        var result = DocumentReader.Parse(document.Text, document.Source, cancellationToken);
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
    public SchemaCommand(CommandContext context)
        : base("schema", "Print the JSON Schema (2020-12) of a campaign's document. Needs no coordinator.")
        => SetAction(_ =>
        {
            context.Environment.Output.Write(CampaignSchema.Describe());
            return ExitCode.Success;
        });
}
