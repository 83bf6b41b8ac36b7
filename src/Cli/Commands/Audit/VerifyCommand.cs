using System.CommandLine;
using System.Text.Json;
using HostAgent.Cli.Output;
using HostAgent.Texts;

namespace HostAgent.Cli.Commands.Audit;

/// <summary>failback audit verify: checks an export without the coordinator.</summary>
internal sealed class VerifyCommand : Command
{
    private const string StandardInput = "-";

    private readonly CommandContext _context;
    private readonly Argument<string> _file = new("FILE") { Description = "An export of \"failback audit export\", - for standard input; or a pack of \"failback audit evidence\"." };
    private readonly Option<string?> _head = new("--head")
    {
        HelpName = "HASH",
        Description = "A hash printed by an earlier export. The file must contain that record, with everything before it unchanged.",
    };

    public VerifyCommand(CommandContext context)
        : base("verify", "Check that no audit record of an export was edited, removed, moved or cut off. Needs no coordinator.")
    {
        _context = context;
        Add(_file);
        Add(_head);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var path = parsed.GetRequiredValue(_file);
        var source = path == StandardInput ? "standard input" : path;
        var result = await ReadAsync(path, source, parsed.GetValue(_head), cancellationToken);
        if (parsed.GetValue(_context.Output) is not OutputFormat.Text and var format)
        {
            StructuredText.Write(_context.Environment.Output, format, JsonSerializer.Serialize(
                new { file = source, campaign = result.Campaign, intact = result.Broken is null, records = result.Records, head = result.Head, broken = result.Broken }));
            return result.Broken is null ? ExitCode.Success : ExitCode.Failed;
        }

        if (result.Broken is { } broken)
        {
            throw new CommandException(ExitCode.Failed, $"{source}: NOT INTACT: {broken}.", $"{result.Records} records before that are intact. Head of those: {result.Head}");
        }

        _context.Environment.Output.WriteLine($"{source}: {result.Records} records of {result.Campaign}, intact. Head: {result.Head}");
        return ExitCode.Success;
    }

    private async Task<AuditVerdict> ReadAsync(string path, string source, string? noted, CancellationToken cancellationToken)
    {
        try
        {
            if (path != StandardInput)
            {
                await using var file = TextFile.OpenBytes(path);
                if (EvidencePack.IsOne(file))
                {
                    return await EvidencePack.VerifyAsync(source, file, noted, cancellationToken);
                }
            }

            using var reader = path == StandardInput ? TextFile.Open(_context.Environment.Input(), source) : TextFile.Open(path);
            return await AuditVerdict.OfAsync(source, reader, noted, cancellationToken);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new CommandException(ExitCode.Invalid, $"{path}: there is no such file.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CommandException(ExitCode.Invalid, $"{path}: the file cannot be read: {exception.Message}");
        }
    }
}
