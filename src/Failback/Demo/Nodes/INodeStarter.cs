using HostAgent.Failback.Servers;

namespace HostAgent.Failback.Demo.Nodes;

/// <summary>Starts agents and coordinators.</summary>
internal interface INodeStarter : IDisposable
{
    /// <summary>Starts one and waits until it listens.</summary>
    /// <exception cref="Cli.Errors.CommandFailure">It did not start; the message says why.</exception>
    Task<IDemoNode> StartAsync(NodeProgram program, string name, IReadOnlyList<string> arguments, CancellationToken cancellation);
}
