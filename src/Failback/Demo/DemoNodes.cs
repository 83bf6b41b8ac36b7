using System.Globalization;
using HostAgent.Failback.Demo.Nodes;
using HostAgent.Failback.Servers;
using HostAgent.HyperV.Simulation.Estates;
using HostAgent.Transport;

namespace HostAgent.Failback.Demo;

/// <summary>Starts and stops the agents and the coordinator of a demo.</summary>
internal sealed class DemoNodes(INodeStarter starter, INodeStarter ofCoordinator, DemoDirectory directory, DemoCertificates certificates) : IAsyncDisposable
{
    // Port 0: the operating system picks a free port, so that no other process can take it first.
    private const string AnyPort = "127.0.0.1:0";

    private const string CoordinatorName = "coordinator";

    private readonly List<IDemoNode> _agents = [];
    private readonly Lock _gate = new();
    private MutualTlsOptions? _ofCoordinator;

    public IReadOnlyList<IDemoNode> Agents => _agents;

    public IDemoNode? Coordinator { get; private set; }

    /// <summary>Starts an agent for each host of the estate, several in parallel.</summary>
    public async Task StartAgentsAsync(Estate estate, double speed, int seed, CancellationToken cancellationToken)
    {
        var program = NodeProgram.AgentsTogether();
        var beside = new ParallelOptions { MaxDegreeOfParallelism = Math.Max(2, Environment.ProcessorCount), CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(estate.Hosts, beside, async (host, token) =>
        {
            string[] arguments =
            [
                .. Common(AnyPort, host.Name, certificates.Issue(PeerRole.Agent, host.Name)),
                "--simulate", directory.Estate,
                "--host", host.Name,
                "--speed", speed.ToString("R", CultureInfo.InvariantCulture),
                "--seed", seed.ToString(CultureInfo.InvariantCulture),
            ];
            var agent = await starter.StartAsync(program, host.Name, arguments, token);
            lock (_gate)
            {
                _agents.Add(agent);
            }
        });
        _agents.Sort((left, right) => string.CompareOrdinal(left.Name, right.Name));
    }

    /// <summary>Starts the coordinator with the inventory.</summary>
    public async Task StartCoordinatorAsync(CancellationToken cancellationToken)
        => Coordinator = await ofCoordinator.StartAsync(NodeProgram.Coordinator, CoordinatorName, CoordinatorArguments(AnyPort), cancellationToken);

    /// <summary>Kills the coordinator, without a warning.</summary>
    /// <exception cref="InvalidOperationException">It does not run in a process of its own.</exception>
    public Task KillCoordinatorAsync()
        => Coordinator is ChildProcessNode node ? node.KillAsync() : throw new InvalidOperationException("The coordinator has no process of its own.");

    /// <summary>Starts a killed coordinator again, where it was and with what it has stored.</summary>
    public async Task StartCoordinatorAgainAsync(CancellationToken cancellationToken)
    {
        var address = Coordinator!.Address.Authority;
        await Coordinator.DisposeAsync();
        Coordinator = await ofCoordinator.StartAsync(NodeProgram.Coordinator, CoordinatorName, CoordinatorArguments(address), cancellationToken);
    }

    /// <summary>Stops the coordinator, then the agents.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Coordinator is not null)
        {
            await Coordinator.DisposeAsync();
        }

        await Task.WhenAll(_agents.Select(agent => agent.DisposeAsync().AsTask()));
    }

    private string[] CoordinatorArguments(string listen)
    {
        _ofCoordinator ??= certificates.Issue(PeerRole.Coordinator, CoordinatorName);
        return [.. Common(listen, CoordinatorName, _ofCoordinator), "--inventory", directory.Inventory];
    }

    private string[] Common(string listen, string name, MutualTlsOptions files)
    => [
        "--listen", listen,
        "--data", directory.Data(name),
        "--certificate", files.CertificatePath!,
        "--private-key", files.PrivateKeyPath!,
        "--authority", files.AuthorityPath!,
    ];
}
