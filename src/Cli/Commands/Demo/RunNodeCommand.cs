using System.CommandLine;
using HostAgent.Cli.Demo.Nodes;

namespace HostAgent.Cli.Commands.Demo;

/// <summary>The verbs run-agent and run-coordinator: the servers themselves, with their own arguments.</summary>
internal sealed class RunNodeCommand : Command
{
    /// <summary>What it takes, and what each switch means.</summary>
    public IReadOnlyList<(string Switch, string Meaning)> Switches { get; }

    /// <summary>Defines the command.</summary>
    public RunNodeCommand(NodeProgram program, CommandSetting setting)
        : base(program.Verb, program.Purpose)
    {
        Switches = program.Switches;
        TreatUnmatchedTokensAsErrors = false;
        SetAction((parsed, cancellation) => RunNode.RunAsync(program, parsed.UnmatchedTokens, setting.Shell, cancellation));
    }
}
