using System.CommandLine;
using System.CommandLine.Parsing;
using System.Diagnostics;

namespace HostAgent.Cli.Application;

/// <summary>What the program tells of its commands: the source <c>HostAgent.Cli</c>. Without a listener nothing is made.</summary>
internal static class ClientTelemetry
{
    /// <summary>The source of the spans: one for each command, above the calls that it makes.</summary>
    public static ActivitySource Spans { get; } = new("HostAgent.Cli");

    /// <summary>The command without its arguments: <c>failback campaign start</c>.</summary>
    public static string NameOf(ParseResult parsed)
    {
        Stack<string> words = [];
        for (var command = parsed.CommandResult; command is not null; command = command.Parent as CommandResult)
        {
            words.Push(command.Command is RootCommand ? "failback" : command.Command.Name);
        }

        return string.Join(' ', words);
    }
}
