using System.CommandLine;
using System.CommandLine.Parsing;
using HostAgent.Cli.Connection;
using HostAgent.Cli.Output;

namespace HostAgent.Cli.Commands;

/// <summary>What every command is created with.</summary>
/// <param name="Environment">What the commands run in.</param>
/// <param name="Connection">The options for the coordinator's address and the caller's certificate.</param>
/// <param name="Output">The option --output.</param>
internal sealed record CommandContext(CommandEnvironment Environment, ConnectionOptions Connection, Option<OutputFormat> Output);

/// <summary>A command that calls the coordinator: resolves the connection, opens it, runs, closes it.</summary>
internal abstract class CoordinatorCommand : Command
{
    private readonly CommandContext _context;
    private Option<bool>? _dryRun;

    protected CoordinatorCommand(string name, string description, CommandContext context)
        : base(name, description)
    {
        _context = context;
        SetAction(InvokeAsync);
        // A variable of a script that is not set. For the coordinator it would mean everything.
        Validators.Add(result =>
        {
            foreach (var empty in result.Children.OfType<ArgumentResult>().Where(argument => argument.Tokens.Any(token => token.Value.Length == 0)))
            {
                result.AddError($"{empty.Argument.Name}: \"\" is not allowed; it must not be empty.");
            }
        });
    }

    /// <summary>What the command runs in.</summary>
    protected CommandEnvironment Environment => _context.Environment;

    /// <summary>Runs the command.</summary>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    protected abstract Task<int> RunAsync(ParseResult parsed, CoordinatorConnection coordinator, CancellationToken cancellationToken);

    /// <summary>Offers to have the coordinator only tell what the command would do.</summary>
    protected void OfferDryRun()
    {
        _dryRun = new Option<bool>("--dry-run") { Description = "Only tell what it would do, as the coordinator judges it now: it refuses what it would refuse, and changes nothing." };
        Add(_dryRun);
    }

    /// <summary>Whether the coordinator only tells what the command would do.</summary>
    protected bool IsDryRun(ParseResult parsed) => _dryRun is not null && parsed.GetValue(_dryRun);

    /// <summary>Where and how the result is written.</summary>
    protected ResultWriter Results(ParseResult parsed) => new(Environment, parsed.GetValue(_context.Output));

    private async Task<int> InvokeAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        using var coordinator = CoordinatorConnection.Open(_context.Connection.Resolve(parsed), Environment.Time, Environment.Error, IsDryRun(parsed));
        if (IsDryRun(parsed))
        {
            Results(parsed).Remark("Dry run: nothing changes. This is what would be shown right after it:");
        }

        return await RunAsync(parsed, coordinator, cancellationToken);
    }
}
