using System.CommandLine;
using HostAgent.Cli.Commands;

namespace HostAgent.Failback.Servers;

/// <summary>The verbs run-agent and run-coordinator: the servers themselves, with their own arguments.</summary>
internal sealed class RunNodeCommand : Command, IHelpSection
{
    private readonly IReadOnlyList<(string Switch, string Meaning)> _switches;

    /// <summary>Defines the command.</summary>
    public RunNodeCommand(NodeProgram program, CommandSetting setting)
        : base(program.Verb, program.Purpose)
    {
        _switches = program.Switches;
        TreatUnmatchedTokensAsErrors = false;
        SetAction((parsed, cancellation) => RunNode.RunAsync(program, parsed.UnmatchedTokens, setting.Shell, cancellation));
    }

    /// <inheritdoc/>
    public void WriteTo(TextWriter output)
    {
        var width = _switches.Max(known => known.Switch.Length) + 2;
        output.WriteLine("Switches:");
        foreach (var (name, meaning) in _switches)
        {
            output.WriteLine($"  {name.PadRight(width)}{meaning}");
        }
    }
}
