using System.CommandLine;
using HostAgent.Cli;
using HostAgent.Cli.Commands;
using HostAgent.Hosting;
using Microsoft.Extensions.Hosting;

namespace HostAgent.Failback.Servers;

/// <summary>The verbs run-agent and run-coordinator: the servers, with their own arguments.</summary>
internal sealed class RunNodeCommand : Command, IHelpSection
{
    private readonly IReadOnlyList<(string Switch, string Meaning)> _switches;

    public RunNodeCommand(NodeProgram program, CommandContext context)
        : base(program.Verb, program.Purpose)
    {
        _switches = program.Switches;
        TreatUnmatchedTokensAsErrors = false;
        SetAction((parsed, cancellationToken) => RunNode.RunAsync(program, parsed.UnmatchedTokens, context.Environment, cancellationToken));
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

/// <summary>Runs one node in this process.</summary>
internal static class RunNode
{
    /// <summary>Must be the first argument: the node stops when its standard input is closed.</summary>
    public const string EndWithInput = "--end-with-input";

    /// <summary>Runs the node until it is stopped.</summary>
    /// <returns>0, 2 when it could not start, or 3 when it could not go on (<see cref="ServerApplication.StopFailed"/>).</returns>
    public static async Task<int> RunAsync(NodeProgram program, IReadOnlyList<string> arguments, CommandEnvironment environment, CancellationToken cancellationToken)
    {
        var endWithInput = arguments is [EndWithInput, ..];
        try
        {
            await using var application = await program.CreateAsync([.. endWithInput ? arguments.Skip(1) : arguments]);
            if (endWithInput)
            {
                _ = EndWhenInputDoesAsync(application.Lifetime);
            }

            await application.StartAsync(cancellationToken);
            await application.WaitForShutdownAsync(cancellationToken);
            // Set by a server that could not go on.
            return Environment.ExitCode;
        }
        catch (Exception exception) when (NodeProgram.Refusal(exception) is { } lines)
        {
            foreach (var line in lines)
            {
                await environment.Error.WriteLineAsync(line);
            }

            return ExitCode.Invalid;
        }
    }

    private static async Task EndWhenInputDoesAsync(IHostApplicationLifetime lifetime)
    {
        await using var input = Console.OpenStandardInput();
        var buffer = new byte[256];
        while (await input.ReadAsync(buffer) > 0)
        {
            // A node reads no input; only the end of the stream matters.
        }

        lifetime.StopApplication();
    }
}
