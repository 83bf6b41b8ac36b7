using System.CommandLine;
using Grpc.Core;
using HostAgent.Cli.Commands.Campaign;
using HostAgent.Cli.Connection;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Texts;
using AuditVerifier = HostAgent.Audit.AuditVerifier;

namespace HostAgent.Cli.Commands.Audit;

/// <summary>failback audit export: writes the audit records of a campaign into a file, and checks them on the way.</summary>
internal sealed class ExportCommand : CoordinatorCommand
{
    private const string StandardOutput = "-";

    private readonly Argument<string> _name = CampaignArguments.Name();

    // It replaces the option of the same name that sets the output format of other commands.
    private readonly Option<string> _output = new("--output")
    {
        HelpName = "FILE",
        Required = true,
        Description = "Where to write the records; - for standard output. An existing file is replaced only when the export is complete; a new one is readable by you alone.",
    };

    public ExportCommand(CommandContext context)
        : base("export", "Write the audit records of a campaign to a file, and print the hash of the last one. Note it elsewhere: it proves later that no record was changed.", context)
    {
        Add(_name);
        Add(_output);
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult parsed, CoordinatorConnection coordinator, CancellationToken cancellationToken)
    {
        var name = ResourceName.Campaign(parsed.GetRequiredValue(_name));
        var path = parsed.GetRequiredValue(_output);
        var verifier = new AuditVerifier(name);
        using var call = coordinator.Campaigns.ExportAudit(new ExportAuditRequest { Name = name }, coordinator.Deadline(cancellationToken));
        string? broken = null;
        if (path == StandardOutput)
        {
            broken = await WriteAsync(Environment.Output, name, call.ResponseStream, verifier, cancellationToken);
        }
        else
        {
            await OutputFile.WriteAsync(path, "the audit", async file =>
            {
                await using var lines = new StreamWriter(file, TextFile.Utf8, leaveOpen: true) { NewLine = "\n" };
                broken = await WriteAsync(lines, name, call.ResponseStream, verifier, cancellationToken);
            }, cancellationToken);
        }

        if (broken is not null)
        {
            throw new CommandException(ExitCode.Failed, $"{path}: the records are exported as they are, but the coordinator's own chain is broken: {broken}.");
        }

        // When the records go to standard output, nothing else does.
        var remarks = path == StandardOutput ? Environment.Error : Environment.Output;
        remarks.WriteLine($"{path}: {verifier.Records} records of {name}. Head: {verifier.Head}");
        return ExitCode.Success;
    }

    /// <summary>Writes the records as they arrive. Returns what breaks their chain; null when nothing does.</summary>
    internal static async Task<string?> WriteAsync(TextWriter lines, string name, IAsyncStreamReader<AuditRecord> records, AuditVerifier verifier, CancellationToken cancellationToken)
    {
        string? broken = null;
        var (count, head) = (0L, string.Empty);
        await lines.WriteLineAsync(AuditFile.Opening(name));
        await foreach (var record in records.ReadAllAsync(cancellationToken))
        {
            broken ??= verifier.Take(record);
            (count, head) = (count + 1, Convert.ToHexStringLower(record.Hash.Span));
            await lines.WriteLineAsync(AuditFile.Line(record));
        }

        await lines.WriteLineAsync(AuditFile.Closing(count, head));
        return broken;
    }
}
