using System.Net;
using Grpc.Net.Client;
using HostAgent.HyperV.Simulation.Estates;
using HostAgent.Tests.Shared.Channels;
using HostAgent.Transport;
using HostAgent.Transport.Tls;

namespace HostAgent.Tests.Shared.Processes;

/// <summary>How the processes of a cluster are started.</summary>
internal sealed record ClusterSettings
{
    /// <summary>The agents.</summary>
    public ServerSettings Agent { get; init; } = ServerSettings.Plain;

    /// <summary>The coordinator.</summary>
    public ServerSettings Coordinator { get; init; } = ServerSettings.Plain;

    /// <summary>Whether the coordinator reaches the agents through proxies.</summary>
    public bool IsRelayed { get; init; }

    /// <summary>What else is on the coordinator's command line.</summary>
    public IReadOnlyList<string> CoordinatorArguments { get; init; } = [];

    /// <summary>Decides which pieces the proxies lose.</summary>
    public int Seed { get; init; }
}

/// <summary>
/// A coordinator and one agent for each host of a simulated estate, every one a process of its own, with certificates of an
/// authority made for the occasion. Everything lives in one directory that goes with the cluster.
/// </summary>
internal sealed class Cluster : IAsyncDisposable
{
    // Each must be ready in its time, however many there are.
    private const int StartsAtOnce = 16;

    private static readonly TimeSpan CertificateLifetime = TimeSpan.FromHours(3);

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("failback-e2e-");
    private readonly CertificateAuthority _authority = CertificateAuthority.Create("end to end", new HourAgo());
    private readonly Dictionary<string, ServerProcess> _agents = new(StringComparer.Ordinal);
    private readonly List<IDisposable> _connections = [];
    private readonly Estate _estate;
    private readonly double _speed;
    private readonly Dictionary<string, FaultProxy> _relays = new(StringComparer.Ordinal);
    private readonly ClusterSettings _settings;

    private Cluster(Estate estate, double speed, ClusterSettings settings)
    {
        _estate = estate;
        _speed = speed;
        _settings = settings;
        OperatorFiles = Issue(PeerRole.Operator, "test");
        Operator = MutualTlsIdentity.Load(OperatorFiles, TimeProvider.System);
        _connections.Add(Operator);
    }

    /// <summary>Where everything of this cluster is kept.</summary>
    public string Root => _directory.FullName;

    /// <summary>The operator's certificate files, for other programs.</summary>
    public MutualTlsOptions OperatorFiles { get; }

    /// <summary>The operator's identity.</summary>
    public MutualTlsIdentity Operator { get; }

    /// <summary>The coordinator's process.</summary>
    public ServerProcess Coordinator { get; private set; } = null!;

    /// <summary>The agents' processes by the name of their host.</summary>
    public IReadOnlyDictionary<string, ServerProcess> Agents => _agents;

    /// <summary>The ways between the coordinator and the agents, where there are any.</summary>
    public IReadOnlyDictionary<string, FaultProxy> Relays => _relays;

    /// <summary>The data directory of a host's agent.</summary>
    public string DataOf(string host) => Path.Combine(_directory.FullName, "agent-" + host);

    /// <summary>The coordinator's store.</summary>
    public string Store => Path.Combine(_directory.FullName, "coordinator", "campaigns.db");

    /// <summary>The campaigns, as an operator reaches them.</summary>
    public Contracts.Campaigns.V1.Campaigns.CampaignsClient Campaigns => new(Channel(Coordinator.Address, PeerRole.Coordinator));

    /// <summary>The coordinator's drills, to which an operator speaks.</summary>
    public Contracts.Campaigns.V1.Drills.DrillsClient Drills => new(Channel(Coordinator.Address, PeerRole.Coordinator));

    /// <summary>The coordinator's hosts.</summary>
    public Contracts.Campaigns.V1.Hosts.HostsClient Hosts => new(Channel(Coordinator.Address, PeerRole.Coordinator));

    /// <summary>The returns of single machines, as an operator reaches them.</summary>
    public Contracts.Campaigns.V1.Returns.ReturnsClient Returns => new(Channel(Coordinator.Address, PeerRole.Coordinator));

    /// <summary>The estate document that the agents run on.</summary>
    public string EstateFile => Path.Combine(_directory.FullName, "estate.yaml");

    private string Inventory => Path.Combine(_directory.FullName, "hosts.yaml");

    /// <summary>Starts the agents, writes the inventory and starts the coordinator.</summary>
    /// <param name="estate">The hosts.</param>
    /// <param name="speed">How many times faster than the clock they work.</param>
    /// <param name="openFiles">The limit on the open files of each agent; the tests' own when null.</param>
    /// <param name="relayed">Whether the coordinator reaches the agents through <see cref="Relays"/>.</param>
    /// <param name="coordinator">What else is on the coordinator's command line.</param>
    public static Task<Cluster> StartAsync(Estate estate, double speed, int? openFiles = null, bool relayed = false, params string[] coordinator)
        => StartAsync(estate, speed, new ClusterSettings { Agent = ServerSettings.Plain with { OpenFiles = openFiles }, IsRelayed = relayed, CoordinatorArguments = coordinator });

    /// <summary>Starts it with processes that send what they tell of their work to a collector.</summary>
    public static Task<Cluster> StartAsync(Estate estate, double speed, IReadOnlyDictionary<string, string> environment)
    {
        var server = ServerSettings.Plain with { Environment = environment };
        return StartAsync(estate, speed, new ClusterSettings { Agent = server, Coordinator = server });
    }

    /// <summary>Starts it with what the settings say.</summary>
    public static async Task<Cluster> StartAsync(Estate estate, double speed, ClusterSettings settings)
    {
        var cluster = new Cluster(estate, speed, settings);
        try
        {
            await cluster.StartAsync();
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>The campaigns of another coordinator.</summary>
    public Contracts.Campaigns.V1.Campaigns.CampaignsClient CampaignsAt(ServerProcess coordinator) => new(Channel(coordinator.Address, PeerRole.Coordinator));

    /// <summary>The campaigns of a coordinator, as a peer of another role reaches them.</summary>
    public Contracts.Campaigns.V1.Campaigns.CampaignsClient CampaignsAt(ServerProcess coordinator, PeerRole role)
    {
        var identity = MutualTlsIdentity.Load(Issue(role, "another"), TimeProvider.System);
        _connections.Add(identity);
        return new(Channel(coordinator.Address, PeerRole.Coordinator, identity));
    }

    /// <summary>Another coordinator with the settings of the first but its own address and data, not started yet.</summary>
    /// <param name="data">The name of its data directory.</param>
    /// <param name="arguments">What else is on its command line.</param>
    public ServerProcess AnotherCoordinator(string data, params string[] arguments) => ServerProcess.Of(
        ["run-coordinator", "--listen", $"127.0.0.1:{PostgreSqlServer.FreePort()}", "--inventory", Inventory, .. Files(data, PeerRole.Coordinator, "coordinator"), .. _settings.CoordinatorArguments, .. arguments],
        _settings.Coordinator);

    /// <summary>Starts a second coordinator, of the same name, on a copy of the store as it is now.</summary>
    public async Task<ServerProcess> StartCopyOfCoordinatorAsync()
    {
        var data = Directory.CreateDirectory(Path.Combine(_directory.FullName, "copy")).FullName;
        foreach (var path in Directory.GetFiles(Path.GetDirectoryName(Store)!, "campaigns.db*").Where(path => !path.EndsWith("-shm", StringComparison.Ordinal)))
        {
            await using var from = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            await using var to = File.Create(Path.Combine(data, Path.GetFileName(path)));
            await from.CopyToAsync(to);
        }

        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(data, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        return await ServerProcess.StartAsync(
            ["run-coordinator", "--listen", "127.0.0.1:0", "--inventory", Inventory, .. Files("copy", PeerRole.Coordinator, "coordinator")],
            _settings.Coordinator);
    }

    /// <summary>One agent, as an operator reaches it.</summary>
    public FailbackClient Agent(string host) => new(Channel(Agents[host].Address, PeerRole.Agent));

    /// <summary>The single steps of one agent, as an operator reaches them.</summary>
    public Contracts.Failback.V1.Operations.OperationsClient AgentOperations(string host) => new(Channel(Agents[host].Address, PeerRole.Agent));

    /// <summary>How many failbacks the simulated hosts have accepted, as they counted themselves.</summary>
    public async Task<long> CountInitiationsAsync()
    {
        var count = 0L;
        foreach (var host in Agents.Keys)
        {
            count += (await Agent(host).GetHostAsync(new HostAgent.Contracts.Failback.V1.GetHostRequest())).SimulatedInitiations;
        }

        return count;
    }

    /// <summary>Issues a certificate and writes its files into the cluster's directory.</summary>
    public MutualTlsOptions Issue(PeerRole role, string name) => _authority
        .Issue(role, name, CertificateLifetime, ["localhost"], [IPAddress.Loopback])
        .WriteTo(Path.Combine(_directory.FullName, "certificates"));

    public async ValueTask DisposeAsync()
    {
        foreach (var connection in Enumerable.Reverse(_connections))
        {
            connection.Dispose();
        }

        if (Coordinator is not null)
        {
            await Coordinator.DisposeAsync();
        }

        foreach (var relay in _relays.Values)
        {
            await relay.DisposeAsync();
        }

        foreach (var agent in _agents.Values)
        {
            await agent.DisposeAsync();
        }

        _authority.Dispose();
        _directory.Delete(recursive: true);
    }

    private async Task StartAsync()
    {
        await File.WriteAllTextAsync(EstateFile, EstateDocument.Write(_estate));
        using var starts = new SemaphoreSlim(StartsAtOnce);
        async Task<(string Name, ServerProcess Process)> StartAgentAsync(string host)
        {
            await starts.WaitAsync();
            try
            {
                return (host, await ServerProcess.StartAsync(
                    ["run-agent", "--listen", "127.0.0.1:0", "--simulate", EstateFile, "--host", host, "--speed", $"{_speed:R}", .. Files("agent-" + host, PeerRole.Agent, host)],
                    _settings.Agent));
            }
            finally
            {
                starts.Release();
            }
        }

        foreach (var (name, process) in await Task.WhenAll(_estate.Hosts.Select(host => StartAgentAsync(host.Name))))
        {
            _agents.Add(name, process);
            if (_settings.IsRelayed)
            {
                _relays.Add(name, FaultProxy.To(process.Address, _settings.Seed));
            }
        }

        await File.WriteAllTextAsync(Inventory, "apiVersion: failback/v1\nkind: Inventory\nhosts:\n" + string.Concat(_estate.Hosts.Select(host
            => $"  - {{name: {host.Name}, address: '{(_settings.IsRelayed ? _relays[host.Name].Address : _agents[host.Name].Address)}', site: {host.Site}{(_estate.Pairs.Any(pair => pair.Home == host.Name) ? "" : $", primarySite: {host.PrimarySite}")}}}\n")));
        Coordinator = await ServerProcess.StartAsync(
            ["run-coordinator", "--listen", "127.0.0.1:0", "--inventory", Inventory, .. Files("coordinator", PeerRole.Coordinator, "coordinator"), .. _settings.CoordinatorArguments],
            _settings.Coordinator);
    }

    private string[] Files(string data, PeerRole role, string name)
    {
        var files = Issue(role, name);
        return
        [
            "--data", Path.Combine(_directory.FullName, data),
            "--certificate", files.CertificatePath!, "--private-key", files.PrivateKeyPath!, "--authority", files.AuthorityPath!,
        ];
    }

    /// <summary>One agent, as another caller reaches it.</summary>
    public FailbackClient Agent(string host, PeerRole role, string name)
    {
        var identity = MutualTlsIdentity.Load(Issue(role, name), TimeProvider.System);
        _connections.Add(identity);
        return new(Channel(Agents[host].Address, PeerRole.Agent, identity));
    }

    /// <summary>The campaigns of whichever of several coordinators answers.</summary>
    public Contracts.Campaigns.V1.Campaigns.CampaignsClient CampaignsAt(params IReadOnlyList<Uri> coordinators)
    {
        var channel = PatientChannel.Create(coordinators, Operator, PeerRole.Coordinator);
        _connections.Add(channel);
        return new(channel);
    }

    private GrpcChannel Channel(Uri address, PeerRole role, MutualTlsIdentity? identity = null)
    {
        var channel = PatientChannel.Create(address, identity ?? Operator, role);
        _connections.Add(channel);
        return channel;
    }
}

/// <summary>An hour ago. Certificates of a site are not a moment old, and are valid for a server whose clock is behind.</summary>
internal sealed class HourAgo : TimeProvider
{
    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() - TimeSpan.FromHours(1);
}
