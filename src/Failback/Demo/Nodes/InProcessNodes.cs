using HostAgent.Cli;
using HostAgent.Cli.Errors;
using HostAgent.Failback.Servers;
using HostAgent.Texts;

namespace HostAgent.Failback.Demo.Nodes;

/// <summary>
/// Runs every node in this process. What they write to the console goes to one log file for as long as this lives: the terminal
/// belongs to the view.
/// </summary>
internal sealed class InProcessNodes : INodeStarter
{
    private readonly TextWriter _output = Console.Out;
    private readonly TextWriter _error = Console.Error;
    private readonly TextWriter _file;
    private readonly TextWriter _log;

    /// <summary>Takes over the console.</summary>
    public InProcessNodes(string logFile)
    {
        _file = OutputFile.StartLog(logFile);
        _log = TextWriter.Synchronized(_file);
        Console.SetOut(_log);
        Console.SetError(_log);
    }

    /// <inheritdoc/>
    public async Task<IDemoNode> StartAsync(NodeProgram program, string name, IReadOnlyList<string> arguments, CancellationToken cancellation)
    {
        try
        {
            // Opening a journal blocks; the nodes start beside each other.
            var application = await Task.Run(() => program.CreateAsync([.. arguments]), cancellation);
            try
            {
                await application.StartAsync(cancellation);
                return new InProcessNode(name, application);
            }
            catch
            {
                await application.DisposeAsync();
                throw;
            }
        }
        catch (Exception failure) when (NodeProgram.Refusal(failure) is { } lines)
        {
            throw new CommandFailure(ExitCode.Failed, [.. lines.Select(line => $"{name} did not start: {line}")]);
        }
    }

    /// <summary>Gives the console back.</summary>
    public void Dispose()
    {
        Console.SetOut(_output);
        Console.SetError(_error);
        _log.Dispose();
        _file.Dispose();
    }
}
