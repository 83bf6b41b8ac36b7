using HostAgent.Failback.Servers;

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
