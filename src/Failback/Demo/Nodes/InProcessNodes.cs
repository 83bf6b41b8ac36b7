using HostAgent.Cli;
using HostAgent.Coordinator;
using HostAgent.Failback.Servers;
using HostAgent.Texts;
using Microsoft.AspNetCore.Builder;

namespace HostAgent.Failback.Demo.Nodes;

/// <summary>A running agent or coordinator. Disposing it stops it cleanly.</summary>
internal interface IDemoNode : IAsyncDisposable
{
    /// <summary>Its name: the host's name, or "coordinator".</summary>
    string Name { get; }

    Uri Address { get; }
}

internal interface INodeStarter : IDisposable
{
    /// <summary>Starts one and waits until it listens.</summary>
    /// <exception cref="HostAgent.Cli.CommandException">It did not start; the message says why.</exception>
    Task<IDemoNode> StartAsync(NodeProgram program, string name, IReadOnlyList<string> arguments, CancellationToken cancellationToken);
}

/// <summary>
/// Runs every node in this process. Until this is disposed, their console output goes to one log file: the terminal shows the
/// campaign.
/// </summary>
internal sealed class InProcessNodes : INodeStarter
{
    private readonly TextWriter _output = Console.Out;
    private readonly TextWriter _error = Console.Error;
    private readonly TextWriter _file;
    private readonly TextWriter _log;

    /// <summary>Redirects the console.</summary>
    public InProcessNodes(string logFile)
    {
        _file = OutputFile.StartLog(logFile);
        _log = TextWriter.Synchronized(_file);
        Console.SetOut(_log);
        Console.SetError(_log);
    }

    /// <inheritdoc/>
    public async Task<IDemoNode> StartAsync(NodeProgram program, string name, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        try
        {
            // Opening a journal blocks, so run it on the pool: the nodes start in parallel.
            var application = await Task.Run(() => program.CreateAsync([.. arguments]), cancellationToken);
            try
            {
                await application.StartAsync(cancellationToken);
                return new InProcessNode(name, application);
            }
            catch
            {
                await application.DisposeAsync();
                throw;
            }
        }
        catch (Exception exception) when (NodeProgram.Refusal(exception) is { } lines)
        {
            throw new CommandException(ExitCode.Failed, [.. lines.Select(line => $"{name} did not start: {line}")]);
        }
    }

    /// <summary>Restores the console.</summary>
    public void Dispose()
    {
        Console.SetOut(_output);
        Console.SetError(_error);
        _log.Dispose();
        _file.Dispose();
    }
}

/// <summary>An agent or coordinator in this process.</summary>
internal sealed class InProcessNode(string name, WebApplication application) : IDemoNode
{
    /// <inheritdoc/>
    public string Name { get; } = name;

    /// <inheritdoc/>
    public Uri Address { get; } = new(CoordinatorApplication.Addresses(application).Single());

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await application.StopAsync();
        await application.DisposeAsync();
    }
}
