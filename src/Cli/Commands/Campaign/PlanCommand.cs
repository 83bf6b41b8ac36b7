using System.CommandLine;
using System.CommandLine.Parsing;
using Google.Protobuf;
using Grpc.Core;
using HostAgent.Cli.Connection;
using HostAgent.Cli.Output;
using HostAgent.Contracts.Campaigns.V1;

namespace HostAgent.Cli.Commands.Campaign;

/// <summary>failback campaign plan: what a document would do with the hosts as they are now.</summary>
internal sealed class PlanCommand : CoordinatorCommand
{
    private const string Html = "html";

    private readonly Argument<string> _file = CampaignArguments.File();
    private readonly Option<bool> _items = new("--items") { Description = "List the items in start order." };
    private readonly Option<bool> _forecast = new("--forecast") { Description = "Also forecast the duration by running the plan in virtual time." };
    private readonly ForecastOptions _assumptions = new("With --forecast, or a runbook");
    private readonly Option<PlanFormat> _format = ChoiceOption.One("--format", "text (the default), or html: a runbook to read or print before the start, with the forecast and the commands to give.", ("text", PlanFormat.Text), (Html, PlanFormat.Html));
    private readonly Option<string> _save = new("--save") { HelpName = "FILE", Description = "With --format html: where to write the page; standard output when not given." };

    public PlanCommand(CommandContext context)
        : base("plan", "Show what a campaign would do with the hosts in their current state: waves, peaks, and what is refused and why. Stores nothing.", context)
    {
        Add(_file);
        Add(_items);
        Add(_forecast);
        Add(_format);
        Add(_save);
        _assumptions.AddTo(this, _forecast, AsksForRunbook);
        Validators.Add(result =>
        {
            if (result.GetResult(_save) is not null && !AsksForRunbook(result))
            {
                result.AddError("--save applies to a page; add --format html.");
            }
        });
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult parsed, CoordinatorConnection coordinator, CancellationToken cancellationToken)
    {
        var document = await DocumentFile.ReadAsync(Environment, parsed.GetRequiredValue(_file), cancellationToken);
        if (parsed.GetValue(_format) == PlanFormat.Html)
        {
            return await WriteRunbookAsync(parsed, coordinator, document, cancellationToken);
        }

        var request = new PlanCampaignRequest { Document = document, Forecast = parsed.GetValue(_forecast), Assumptions = _assumptions.Read(parsed), HomeBy = _assumptions.ReadHomeBy(parsed) };
        var plan = await DocumentFile.CallAsync(
            coordinator, document, () => coordinator.Campaigns.PlanCampaignAsync(request, coordinator.Deadline(cancellationToken)), cancellationToken);
        Results(parsed).Write(plan, environment => PlanText.Write(environment, plan, parsed.GetValue(_items)));
        return plan.Forecast is { DurationP50: null } or { Deadline.Met: false } ? ExitCode.Failed : ExitCode.Success;
    }

    // A value that is not allowed has no value yet, only its word.
    private bool AsksForRunbook(SymbolResult result) => result.GetResult(_format) is { Tokens: [var word, ..] } && string.Equals(word.Value, Html, StringComparison.OrdinalIgnoreCase);

    private async Task<int> WriteRunbookAsync(ParseResult parsed, CoordinatorConnection coordinator, CampaignDocument document, CancellationToken cancellationToken)
    {
        var request = new ExportRunbookRequest { Document = document, Assumptions = _assumptions.Read(parsed), HomeBy = _assumptions.ReadHomeBy(parsed) };
        using var call = coordinator.Campaigns.ExportRunbook(request, coordinator.Deadline(cancellationToken));

        // The first piece comes when the plan is made, or the document is refused.
        var first = await DocumentFile.CallAsync(coordinator, document, () => FirstAsync(call.ResponseStream, cancellationToken), cancellationToken);
        await ContentOutput.WriteAsync(Environment, call.ResponseStream.ReadAllAsync(cancellationToken).Select(piece => piece.Content).Prepend(first), parsed.GetValue(_save), "the runbook", cancellationToken);
        return ExitCode.Success;
    }

    private static async Task<ByteString> FirstAsync(IAsyncStreamReader<ExportRunbookResponse> pieces, CancellationToken cancellationToken)
        => await pieces.MoveNext(cancellationToken) ? pieces.Current.Content : ByteString.Empty;

    private enum PlanFormat
    {
        Text,
        Html,
    }
}
