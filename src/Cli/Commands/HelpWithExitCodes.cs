using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace HostAgent.Cli.Commands;

/// <summary>The usual help page, followed by the meaning of the exit codes.</summary>
internal sealed class HelpWithExitCodes(HelpAction help) : SynchronousCommandLineAction
{
    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        help.Invoke(parseResult);
        parseResult.InvocationConfiguration.Output.WriteLine(ExitCode.Help);
        return ExitCode.Success;
    }
}
