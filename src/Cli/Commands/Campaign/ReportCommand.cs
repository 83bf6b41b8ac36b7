using System.CommandLine;
using System.Text;
using Grpc.Core;
using HostAgent.Cli.Connection;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Texts;

namespace HostAgent.Cli.Commands.Campaign;

/// <summary>failback campaign report: what was done, by whom, when, and how it ended.</summary>
internal sealed class ReportCommand : CoordinatorCommand
{
    private const string StandardOutput = "-";

    private readonly Argument<string> _name = CampaignArguments.Name();
    private readonly Option<ReportFormat> _format = ChoiceOption.One(
        "--format",
        "json (the default): everything; csv: a row for each item; html: a page for people and printers.",
        ("json", ReportFormat.Json),
        ("csv", ReportFormat.Csv),
        ("html", ReportFormat.Html));

    // It replaces the option of the same name that sets the output format of other commands.
    private readonly Option<string> _output = new("--output") { HelpName = "FILE", Description = "Where to write the report; standard output when not given. An existing file is replaced only when the report is complete; a new one is readable by you alone." };

    public ReportCommand(CommandContext context)
        : base("report", "Write the report of a campaign: decisions, waves, how each item ended, and the seal of the audit chain.", context)
    {
        Add(_name);
        Add(_format);
        Add(_output);
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult parsed, CoordinatorConnection coordinator, CancellationToken cancellationToken)
    {
        var request = new ExportReportRequest { Name = ResourceName.Campaign(parsed.GetRequiredValue(_name)), Format = parsed.GetValue(_format) };
        using var call = coordinator.Campaigns.ExportReport(request, coordinator.Deadline(cancellationToken));
        if (parsed.GetValue(_output) is not { } path || path == StandardOutput)
        {
            await PrintAsync(call.ResponseStream, cancellationToken);
            return ExitCode.Success;
        }

        await OutputFile.WriteAsync(path, "the report", async file =>
        {
            await foreach (var piece in call.ResponseStream.ReadAllAsync(cancellationToken))
            {
                await file.WriteAsync(piece.Content.Memory, cancellationToken);
            }
        }, cancellationToken);
        Environment.Error.WriteLine($"The report is in {path}.");
        return ExitCode.Success;
    }

    /// <summary>Prints the report as text. A character may begin in one piece and end in the next.</summary>
    private async Task PrintAsync(IAsyncStreamReader<ExportReportResponse> pieces, CancellationToken cancellationToken)
    {
        var decoder = Encoding.UTF8.GetDecoder();
        var characters = Array.Empty<char>();
        await foreach (var piece in pieces.ReadAllAsync(cancellationToken))
        {
            if (characters.Length < Encoding.UTF8.GetMaxCharCount(piece.Content.Length))
            {
                characters = new char[Encoding.UTF8.GetMaxCharCount(piece.Content.Length)];
            }

            var count = decoder.GetChars(piece.Content.Span, characters, flush: false);
            await Environment.Output.WriteAsync(new string(characters, 0, count));
        }
    }
}
