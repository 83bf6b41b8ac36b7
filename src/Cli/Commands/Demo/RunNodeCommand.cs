using System.CommandLine;
using HostAgent.Cli.Demo.Nodes;

namespace HostAgent.Cli.Commands.Demo;

/// <summary>The hidden verbs run-agent and run-coordinator: the servers themselves, with their own arguments.</summary>
internal sealed class RunNodeCommand : Command
{
    /// <summary>Defines the command.</summary>
    public RunNodeCommand(NodeProgram program, CommandSetting setting)
        : base(program.Verb, "Runs a server with the arguments that it takes itself.")
    {
        Hidden = true;
        TreatUnmatchedTokensAsErrors = false;
        SetAction((parsed, cancellation) => RunNode.RunAsync(program, parsed.UnmatchedTokens, setting.Shell, cancellation));
    }
}
