using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace HostAgent.Cli.Commands;

/// <summary>A command whose help page has a section of its own.</summary>
internal interface IHelpSection
{
    /// <summary>Writes the section, between the usual help and the exit codes.</summary>
    void WriteTo(TextWriter output);
}

/// <summary>The usual help page, the command's own section if it has one, and the exit codes.</summary>
internal sealed class HelpWithExitCodes(HelpAction help) : SynchronousCommandLineAction
{
    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        help.Invoke(parseResult);
        var output = parseResult.InvocationConfiguration.Output;
        if (parseResult.CommandResult.Command is IHelpSection section)
        {
            section.WriteTo(output);
            output.WriteLine();
        }

        output.WriteLine(ExitCode.Help);
        return ExitCode.Success;
    }
}
