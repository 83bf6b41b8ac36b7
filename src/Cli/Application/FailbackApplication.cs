using System.CommandLine;
using System.CommandLine.Invocation;
using Grpc.Core;
using HostAgent.Cli.Commands;
using HostAgent.Cli.Output;
using HostAgent.Texts;

namespace HostAgent.Cli.Application;

/// <summary>The command "failback": reads the command line, runs the command, turns every failure into one clear error and an exit code.</summary>
/// <param name="outside">The streams, the terminal, the environment and the clock.</param>
/// <param name="added">Creates the commands that the executable has beside the operator's.</param>
internal sealed class FailbackApplication(CommandEnvironment outside, params IReadOnlyList<Func<CommandContext, Command>> added)
{
    // Everything that hosts and people wrote is escaped from here on.
    private readonly CommandEnvironment _environment = outside with { Output = new VisibleWriter(outside.Output), Error = new VisibleWriter(outside.Error) };

    /// <summary>Runs one command line.</summary>
    /// <param name="arguments">The words after the program's name.</param>
    /// <param name="cancellationToken">Ctrl-C or SIGTERM.</param>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public async Task<int> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var parsed = CommandTree.Create(_environment, added).Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Action is ParseErrorAction)
        {
            Print(ParseErrors.Lines(parsed));
            return ExitCode.Invalid;
        }

        using var span = ClientTelemetry.Spans.StartActivity(ClientTelemetry.NameOf(parsed), System.Diagnostics.ActivityKind.Client);
        try
        {
            // The help pages are ours and are written unescaped. Signals are handled by Program: a watch or a demo needs longer than the library's two seconds to stop.
            var invocation = new InvocationConfiguration
            {
                Output = outside.Output,
                Error = outside.Error,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
            };
            return await parsed.InvokeAsync(invocation, cancellationToken);
        }
        catch (CommandException exception)
        {
            Print(exception.Lines);
            return exception.ExitCode;
        }
        catch (OutputFileException exception)
        {
            Print([exception.Message]);
            return ExitCode.Failed;
        }
        catch (NotTextException exception)
        {
            Print([exception.Message]);
            return ExitCode.Invalid;
        }
        catch (Exception exception) when (cancellationToken.IsCancellationRequested && exception is OperationCanceledException or RpcException { StatusCode: StatusCode.Cancelled })
        {
            Print(["Interrupted."]);
            return ExitCode.Interrupted;
        }
        catch (RpcException exception)
        {
            var report = FailureText.Report(exception);
            Print(report.Lines);
            return report.ExitCode;
        }
        catch (Exception exception)
        {
            // Print one line; FAILBACK_TRACE=1 adds the stack trace.
            Print([$"Unexpected failure ({exception.GetType().Name}): {exception.Message}"]);
            if (_environment.Variable("FAILBACK_TRACE") == "1")
            {
                Print(exception.ToString().Split(Environment.NewLine));
            }

            return ExitCode.Failed;
        }
    }

    private void Print(IReadOnlyList<string> lines)
    {
        try
        {
            foreach (var line in lines)
            {
                _environment.Error.WriteLine(line);
            }
        }
        catch (Exception exception) when (StandardOutput.IsRefusal(exception))
        {
            // The error stream is closed or full as well; only the exit code is left.
            return;
        }
    }
}
