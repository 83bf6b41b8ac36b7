using System.CommandLine;
using System.Security.Cryptography;
using Grpc.Core;
using HostAgent.Cli.Commands.Campaign;
using HostAgent.Cli.Connection;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Texts;
using AuditVerifier = HostAgent.Audit.AuditVerifier;

namespace HostAgent.Cli.Commands.Audit;

/// <summary>failback audit evidence: one file for an auditor, checked on the way.</summary>
internal sealed class EvidenceCommand : CoordinatorCommand
{
    private readonly Argument<string> _name = CampaignArguments.Name();

    // It replaces the option of the same name that sets the output format of other commands.
    private readonly Option<string> _output = new("--output")
    {
        HelpName = "FILE",
        Required = true,
        Description = "The pack, a zip file. An existing file is replaced only when the pack is complete; a new one is readable by you alone.",
    };

    public EvidenceCommand(CommandContext context)
        : base("evidence", "Write one file with the report of a campaign as a page, as JSON and as a table, and its audit records. \"audit verify\" checks it without the coordinator.", context)
    {
        Add(_name);
        Add(_output);
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult parsed, CoordinatorConnection coordinator, CancellationToken cancellationToken)
    {
        var (name, path) = (ResourceName.Campaign(parsed.GetRequiredValue(_name)), parsed.GetRequiredValue(_output));
        var verifier = new AuditVerifier(name);
        string? broken = null;

        // A zip file is written in places that a pipe does not have.
        using var pack = new MemoryStream();
        await EvidencePack.WriteAsync(
            pack,
            name,
            [
                // The report first: its seal must be among the records, and those may be more by then.
                ("report.html", part => ReportAsync(ReportFormat.Html, part)),
                (EvidencePack.ReportPart, part => ReportAsync(ReportFormat.Json, part)),
                ("report.csv", part => ReportAsync(ReportFormat.Csv, part)),
                (EvidencePack.AuditPart, async part =>
                {
                    using var call = coordinator.Campaigns.ExportAudit(new ExportAuditRequest { Name = name }, coordinator.Deadline(cancellationToken));
                    await using var lines = new StreamWriter(part, TextFile.Utf8, leaveOpen: true) { NewLine = "\n" };
                    broken = await ExportCommand.WriteAsync(lines, name, call.ResponseStream, verifier, cancellationToken);
                }),
            ],
            cancellationToken);
        await OutputFile.WriteAsync(path, "the evidence", async file => await file.WriteAsync(pack.GetBuffer().AsMemory(0, (int)pack.Length), cancellationToken), cancellationToken);
        if (broken is not null)
        {
            throw new CommandException(ExitCode.Failed, $"{path}: everything is exported as it is, but the coordinator's own chain is broken: {broken}.");
        }

        Environment.Output.WriteLine($"{path}: {verifier.Records} records of {name} and its report. Head: {verifier.Head}");
        Environment.Output.WriteLine($"SHA-256 of the file: {Convert.ToHexStringLower(SHA256.HashData(pack.GetBuffer().AsSpan(0, (int)pack.Length)))}. Note both elsewhere.");
        return ExitCode.Success;

        async Task ReportAsync(ReportFormat format, Stream part)
        {
            using var call = coordinator.Campaigns.ExportReport(new ExportReportRequest { Name = name, Format = format }, coordinator.Deadline(cancellationToken));
            await foreach (var piece in call.ResponseStream.ReadAllAsync(cancellationToken))
            {
                await part.WriteAsync(piece.Content.Memory, cancellationToken);
            }
        }
    }
}
