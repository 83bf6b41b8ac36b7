using System.Diagnostics;
using HostAgent.Cli;
using HostAgent.Failback.Servers;

namespace HostAgent.Failback.Demo.Nodes;

/// <summary>Runs every node in a process of its own, each with its own log file.</summary>
internal sealed class ChildProcessNodes(DemoDirectory directory, TimeProvider time) : INodeStarter
{
    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(60);

    /// <inheritdoc/>
    public async Task<IDemoNode> StartAsync(NodeProgram program, string name, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var node = Begin(program, name, arguments);
        try
        {
            await node.ReadyAsync(StartDeadline, cancellationToken);
            return node;
        }
        catch
        {
            await node.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts one and does not wait: a coordinator that stands by listens when it is needed.</summary>
    public ChildProcessNode Begin(NodeProgram program, string name, IReadOnlyList<string> arguments)
    {
        var start = ThisProgram.StartInfo([program.Verb, RunNode.EndWithInput, .. arguments]);
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        var process = Process.Start(start) ?? throw new CommandException(ExitCode.Failed, $"{name} did not start: {start.FileName} could not be run.");
        return new ChildProcessNode(name, process, directory.Log(name), time);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // Each node ends its own process.
    }
}
