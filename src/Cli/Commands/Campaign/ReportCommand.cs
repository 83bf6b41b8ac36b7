using System.CommandLine;
using Grpc.Core;
using HostAgent.Cli.Connection;
using HostAgent.Contracts.Campaigns.V1;

namespace HostAgent.Cli.Commands.Campaign;

/// <summary>failback campaign report: what was done, by whom, when, and how it ended.</summary>
internal sealed class ReportCommand : CoordinatorCommand
{
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
        var content = call.ResponseStream.ReadAllAsync(cancellationToken).Select(piece => piece.Content);
        await ContentOutput.WriteAsync(Environment, content, parsed.GetValue(_output), "the report", cancellationToken);
        return ExitCode.Success;
    }
}
