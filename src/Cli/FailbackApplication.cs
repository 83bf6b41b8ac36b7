using System.CommandLine;
using System.CommandLine.Invocation;
using Grpc.Core;
using HostAgent.Cli.Commands;
using HostAgent.Cli.Errors;
using HostAgent.Texts;

namespace HostAgent.Cli;

/// <summary>The command "failback": reads the command line, runs the command, turns every failure into one clear error and an exit code.</summary>
internal sealed class FailbackApplication(Shell shell)
{
    /// <summary>Runs one command line.</summary>
    /// <param name="arguments">The words after the program's name.</param>
    /// <param name="cancellation">Ctrl-C or SIGTERM.</param>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public async Task<int> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellation)
    {
        var parsed = CommandTree.Create(shell).Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Action is ParseErrorAction)
        {
            Print(ParseMistakes.Lines(parsed));
            return ExitCode.Invalid;
        }

        try
        {
            // Signals are ours (Program): ending a watch or a demo takes more than being killed two seconds later.
            var invocation = new InvocationConfiguration
            {
                Output = shell.Output,
                Error = shell.Error,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
            };
            return await parsed.InvokeAsync(invocation, cancellation);
        }
        catch (CommandFailure failure)
        {
            Print(failure.Lines);
            return failure.ExitCode;
        }
        catch (OutputFileException failure)
        {
            Print([failure.Message]);
            return ExitCode.Failed;
        }
        catch (NotTextException failure)
        {
            Print([failure.Message]);
            return ExitCode.Invalid;
        }
        catch (Exception failure) when (cancellation.IsCancellationRequested && failure is OperationCanceledException or RpcException { StatusCode: StatusCode.Cancelled })
        {
            Print(["Interrupted."]);
            return ExitCode.Interrupted;
        }
        catch (RpcException failure)
        {
            var report = FailureText.Report(failure);
            Print(report.Lines);
            return report.ExitCode;
        }
        catch (Exception failure)
        {
            // A person at night needs the sentence; whoever looks for the mistake asks for the rest.
            Print([$"Unexpected failure ({failure.GetType().Name}): {failure.Message}"]);
            if (shell.Environment("FAILBACK_TRACE") == "1")
            {
                shell.Error.WriteLine(failure);
            }

            return ExitCode.Failed;
        }
    }

    private void Print(IReadOnlyList<string> lines)
    {
        foreach (var line in lines)
        {
            shell.Error.WriteLine(line);
        }
    }
}
