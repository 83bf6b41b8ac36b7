using System.CommandLine;
using Grpc.Core;
using HostAgent.Cli.Commands.Campaign;
using HostAgent.Cli.Connection;
using HostAgent.Cli.Errors;
using HostAgent.Cli.Output;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Coordinator;

namespace HostAgent.Cli.Commands.Audit;

/// <summary>failback audit export: writes the audit records of a campaign into a file, and checks them on the way.</summary>
internal sealed class ExportCommand : CoordinatorCommand
{
    private readonly Argument<string> _name = CampaignArguments.Name();

    // It takes the place of the option of the same name that chooses how other commands print their results.
    private readonly Option<string> _output = new("--output")
    {
        HelpName = "FILE",
        Required = true,
        Description = "Where the records go. A file is replaced when all of them are there.",
    };

    /// <summary>Defines the command.</summary>
    public ExportCommand(CommandSetting setting)
        : base("export", "Write the audit records of a campaign into a file, and print the hash of the last: noted elsewhere, it proves later that none was changed.", setting)
    {
        Add(_name);
        Add(_output);
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult parsed, CoordinatorConnection coordinator, CancellationToken cancellation)
    {
        var name = ResourceName.Campaign(parsed.GetRequiredValue(_name));
        var path = parsed.GetRequiredValue(_output);
        var verifier = new AuditVerifier(name);
        using var call = coordinator.Campaigns.ExportAudit(new ExportAuditRequest { Name = name }, coordinator.Deadline(cancellation));
        string? broken;
        try
        {
            broken = await WriteAsync(path, name, call.ResponseStream, verifier, cancellation);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure(ExitCode.Failed, $"{path}: the records cannot be written: {failure.Message}");
        }

        if (broken is not null)
        {
            throw new CommandFailure(ExitCode.Failed, $"{path}: the records are exported as they are, but the coordinator's own chain is broken: {broken}.");
        }

        Shell.Output.WriteLine($"{path}: {verifier.Records} records of {name}. Head: {verifier.Head}");
        return ExitCode.Success;
    }

    /// <summary>Writes beside the file first: an export that was cut must not look like a whole one.</summary>
    private static async Task<string?> WriteAsync(string path, string name, IAsyncStreamReader<AuditRecord> records, AuditVerifier verifier, CancellationToken cancellation)
    {
        var unfinished = path + ".part";
        try
        {
            string? broken = null;
            var (count, head) = (0L, string.Empty);
            await using (var file = new StreamWriter(unfinished))
            {
                await file.WriteLineAsync(AuditFile.Opening(name));
                await foreach (var record in records.ReadAllAsync(cancellation))
                {
                    broken ??= verifier.Take(record);
                    (count, head) = (count + 1, Convert.ToHexStringLower(record.Hash.Span));
                    await file.WriteLineAsync(AuditFile.Line(record));
                }

                await file.WriteLineAsync(AuditFile.Closing(count, head));
            }

            File.Move(unfinished, path, overwrite: true);
            return broken;
        }
        finally
        {
            File.Delete(unfinished);
        }
    }
}
