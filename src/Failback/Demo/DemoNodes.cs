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
    private IDemoNode? _coordinator;

    public IReadOnlyList<IDemoNode> Agents => _agents;

    /// <summary>The coordinator; of several the one that is at work.</summary>
    public IDemoNode? Coordinator => Coordinators?.AtWork ?? _coordinator;

    /// <summary>The coordinators, when there are several.</summary>
    public DemoCoordinators? Coordinators { get; private set; }

    /// <summary>Where the coordinators listen.</summary>
    public IReadOnlyList<Uri> CoordinatorAddresses => Coordinators?.Addresses ?? [_coordinator!.Address];

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
        => _coordinator = await ofCoordinator.StartAsync(NodeProgram.Coordinator, CoordinatorName, CoordinatorArguments(AnyPort, CoordinatorName), cancellationToken);

    /// <summary>Starts several coordinators with the inventory, of which one is at work.</summary>
    public Task StartCoordinatorsAsync(int count, ChildProcessNodes processes, DemoDatabase database, TimeProvider time, CancellationToken cancellationToken)
    {
        Coordinators = new DemoCoordinators(processes, CoordinatorArguments, database, time);
        return Coordinators.StartAsync(count, cancellationToken);
    }

    /// <summary>Kills the coordinator, without a warning.</summary>
    /// <exception cref="InvalidOperationException">It does not run in a process of its own.</exception>
    public Task KillCoordinatorAsync()
        => _coordinator is ChildProcessNode node ? node.KillAsync() : throw new InvalidOperationException("The coordinator has no process of its own.");

    /// <summary>Starts a killed coordinator again, where it was and with what it has stored.</summary>
    public async Task StartCoordinatorAgainAsync(CancellationToken cancellationToken)
    {
        var address = _coordinator!.Address.Authority;
        await _coordinator.DisposeAsync();
        _coordinator = await ofCoordinator.StartAsync(NodeProgram.Coordinator, CoordinatorName, CoordinatorArguments(address, CoordinatorName), cancellationToken);
    }

    /// <summary>Stops the coordinators, then the agents.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var coordinator in (IAsyncDisposable?[])[Coordinators, _coordinator])
        {
            await (coordinator?.DisposeAsync() ?? ValueTask.CompletedTask);
        }

        await Task.WhenAll(_agents.Select(agent => agent.DisposeAsync().AsTask()));
    }

    // Several have one name in their certificates, and each a name for its files.
    private string[] CoordinatorArguments(string listen, string name)
    {
        _ofCoordinator ??= certificates.Issue(PeerRole.Coordinator, CoordinatorName);
        return [.. Common(listen, name, _ofCoordinator), "--inventory", directory.Inventory];
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
