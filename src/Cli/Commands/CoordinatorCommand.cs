using System.CommandLine;
using HostAgent.Cli.Connection;
using HostAgent.Cli.Output;

namespace HostAgent.Cli.Commands;

/// <summary>What every command is built with.</summary>
/// <param name="Shell">The world the commands run in.</param>
/// <param name="Connection">The options that say where the coordinator is and who is calling.</param>
/// <param name="Output">The option --output.</param>
internal sealed record CommandSetting(Shell Shell, ConnectionOptions Connection, Option<OutputFormat> Output);

/// <summary>A command that calls the coordinator: resolves the connection, opens it, runs, closes it.</summary>
internal abstract class CoordinatorCommand : Command
{
    private readonly CommandSetting _setting;

    /// <summary>Defines the command.</summary>
    protected CoordinatorCommand(string name, string description, CommandSetting setting)
        : base(name, description)
    {
        _setting = setting;
        SetAction(InvokeAsync);
    }

    /// <summary>The world the command runs in.</summary>
    protected Shell Shell => _setting.Shell;

    /// <summary>Runs the command.</summary>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    protected abstract Task<int> RunAsync(ParseResult parsed, CoordinatorConnection coordinator, CancellationToken cancellation);

    /// <summary>Where and how the result is written.</summary>
    protected ResultWriter Results(ParseResult parsed) => new(Shell, parsed.GetValue(_setting.Output));

    private async Task<int> InvokeAsync(ParseResult parsed, CancellationToken cancellation)
    {
        using var coordinator = CoordinatorConnection.Open(_setting.Connection.Resolve(parsed), Shell.Time);
        return await RunAsync(parsed, coordinator, cancellation);
    }
}
