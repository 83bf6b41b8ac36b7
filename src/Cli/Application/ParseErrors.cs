using System.CommandLine;

namespace HostAgent.Cli.Application;

/// <summary>What is wrong with a command line, one line for each error, and where to read on.</summary>
internal static class ParseErrors
{
    public static IReadOnlyList<string> Lines(ParseResult parsed)
    {
        var path = ClientTelemetry.NameOf(parsed);
        var verbs = string.Join(", ", parsed.CommandResult.Command.Subcommands.Where(command => !command.Hidden).Select(command => command.Name));
        List<string> lines = verbs.Length == 0
            ? [.. parsed.Errors.Select(error => error.Message)]
            : [parsed.UnmatchedTokens is [var unknown, ..] ? $"\"{unknown}\" is not a command of {path}: expected one of {verbs}." : $"{path} needs a command: {verbs}."];
        return [.. lines, $"Help: {path} --help"];
    }
}
