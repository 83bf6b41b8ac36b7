using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using HostAgent.Cli.Commands.Demo;

namespace HostAgent.Cli.Commands;

/// <summary>The usual help page, followed by the switches of a server and the meaning of the exit codes.</summary>
internal sealed class HelpWithExitCodes(HelpAction help) : SynchronousCommandLineAction
{
    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        help.Invoke(parseResult);
        var output = parseResult.InvocationConfiguration.Output;
        if (parseResult.CommandResult.Command is RunNodeCommand node)
        {
            var width = node.Switches.Max(known => known.Switch.Length) + 2;
            output.WriteLine("Switches:");
            foreach (var (name, meaning) in node.Switches)
            {
                output.WriteLine($"  {name.PadRight(width)}{meaning}");
            }

            output.WriteLine();
        }

        output.WriteLine(ExitCode.Help);
        return ExitCode.Success;
    }
}
