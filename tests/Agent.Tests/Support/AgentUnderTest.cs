using System.Net;
using Grpc.Net.Client;
using HostAgent.Agent.Hosting;
using HostAgent.Agent.Jobs;
using HostAgent.Agent.Operations;
using HostAgent.HyperV;
using HostAgent.HyperV.Simulation;
using HostAgent.HyperV.Simulation.Estates;
using HostAgent.Tests.Shared.Channels;
using HostAgent.Transport;
using HostAgent.Transport.Tls;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Client = HostAgent.Contracts.Failback.V1.Failback.FailbackClient;

namespace HostAgent.Agent.Tests.Support;

/// <summary>
/// A real agent in this process: real mTLS sockets on 127.0.0.1, a real journal, a simulated host whose state file outlives it.
/// </summary>
internal sealed class AgentUnderTest : IAsyncDisposable
{
    public const double Speed = 2000;

    private readonly TemporaryDirectory _directory = new();
    private readonly CertificateAuthority _authority = CertificateAuthority.Create("test authority", TimeProvider.System);
    private readonly MutualTlsOptions _agentFiles;
    private readonly SimulatedHostDescription _description;
    private readonly Dictionary<PeerRole, MutualTlsIdentity> _identities = [];
    private readonly List<GrpcChannel> _channels = [];
    private WebApplication? _application;
    private SimulatedHost? _host;

    private AgentUnderTest(SimulatedHostDescription description)
    {
        _description = description;
        _agentFiles = _authority.Issue(PeerRole.Agent, description.Name, TimeSpan.FromDays(1), ["localhost"], [IPAddress.Loopback])
            .WriteTo(_directory.Combine("pki"));
    }

    /// <summary>Stops operations where a test wants it.</summary>
    public CheckpointReached? Checkpoint { get; set; }

    /// <summary>Prepares what stands between the agent and the host.</summary>
    public Action<SessionUnderTest>? PrepareSession { get; set; }

    /// <summary>What stands between the agent and the host.</summary>
    public SessionUnderTest Session { get; private set; } = null!;

    /// <summary>Changes what the agent sees of the namespaces beside Hyper-V's.</summary>
    public Func<HostNamespaces, HostNamespaces> Neighbours { get; set; } = neighbours => neighbours;

    /// <summary>The shortest time that an ended job stays readable.</summary>
    public TimeSpan JobRetention { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Further settings, as <c>--HostAgent:Key value</c>.</summary>
    public List<string> Arguments { get; } = [];

    /// <summary>How many times faster than the clock the host works.</summary>
    public double HostSpeed { get; set; } = Speed;

    /// <summary>Changes how fast the host is taken to be.</summary>
    public Func<HostTiming, HostTiming> Timing { get; set; } = timing => timing with { ShortestPoll = TimeSpan.FromMilliseconds(20), LongestPoll = TimeSpan.FromMilliseconds(100), MachinePoll = TimeSpan.FromMilliseconds(100), CallSettlingTime = TimeSpan.FromMilliseconds(50), UndecidedGracePeriod = TimeSpan.FromMilliseconds(200) };

    public string DataDirectory => _directory.Combine("data");

    public SimulatedHost Host => _host ?? throw new InvalidOperationException("The agent is not running.");

    public HostOperations Operations => _application!.Services.GetRequiredService<HostOperations>();

    /// <summary>A part of the agent.</summary>
    public T Part<T>()
        where T : notnull => _application!.Services.GetRequiredService<T>();

    /// <summary>How many failbacks the host has accepted, by its own count, over its whole life.</summary>
    public int Initiations => _host is { } host
        ? host.Initiations.Total
        : SimulatedHost.ReadInitiations(Path.Combine(DataDirectory, "host.simulation")).Total;

    public Client Operator => For(PeerRole.Operator);

    public Client Coordinator => For(PeerRole.Coordinator);

    /// <summary>The single steps, as a coordinator reaches them.</summary>
    public Contracts.Failback.V1.Operations.OperationsClient Steps => new(ChannelOf(PeerRole.Coordinator));

    public Client For(PeerRole role) => new(ChannelOf(role));

    /// <summary>A channel to the agent for calls that no generated client makes.</summary>
    public GrpcChannel ChannelOf(PeerRole role)
    {
        if (!_identities.TryGetValue(role, out var identity))
        {
            var files = _authority.Issue(role, $"test-{role.ToString().ToLowerInvariant()}", TimeSpan.FromDays(1)).WriteTo(_directory.Combine("pki"));
            _identities[role] = identity = MutualTlsIdentity.Load(files, TimeProvider.System);
        }

        var channel = PatientChannel.Create(new Uri(_application!.Urls.Single()), identity, PeerRole.Agent, _description.Name);
        _channels.Add(channel);
        return channel;
    }

    public static async Task<AgentUnderTest> StartAsync(SimulatedHostDescription description, Action<AgentUnderTest>? prepare = null)
    {
        var agent = new AgentUnderTest(description);
        prepare?.Invoke(agent);
        await agent.StartAsync();
        return agent;
    }

    public async Task StartAsync()
    {
        string[] arguments =
        [
            "--listen", "127.0.0.1:0", "--data", DataDirectory, "--host", _description.Name,
            "--certificate", _agentFiles.CertificatePath!, "--private-key", _agentFiles.PrivateKeyPath!, "--authority", _agentFiles.AuthorityPath!,
            "--Logging:LogLevel:Default", "Critical", "--HostAgent:OperatorsMayFailBack", "true", .. Arguments,
        ];
        _application = await AgentApplication.CreateAsync(arguments, new TestHooks { Checkpoint = Checkpoint, Connect = ConnectAsync });
        await _application.StartAsync();
    }

    /// <summary>Ends the agent as a service stop does. The host lives on in its state file.</summary>
    public async Task StopAsync()
    {
        foreach (var channel in _channels)
        {
            channel.Dispose();
        }

        _channels.Clear();
        if (_application is { } application)
        {
            _application = null;
            await application.StopAsync();
            await application.DisposeAsync();
            _host = null;
        }
    }

    /// <summary>Disposes of the application as a process does that has no time for a stop.</summary>
    public async Task DisposeWithoutStopAsync()
    {
        var application = _application!;
        _application = null;
        _host = null;
        await application.DisposeAsync();
    }

    /// <summary>Has everything collected that the agent logs from now on, of any level.</summary>
    public void Collect(ILoggerProvider log) => _application!.Services.GetRequiredService<ILoggerFactory>().AddProvider(log);

    public async Task RestartAsync()
    {
        await StopAsync();
        await StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        foreach (var identity in _identities.Values)
        {
            identity.Dispose();
        }

        _authority.Dispose();
        _directory.Dispose();
    }

    private async Task<HostConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(DataDirectory);
        var options = new SimulationOptions { StateFile = Path.Combine(DataDirectory, "host.simulation"), Speed = HostSpeed, Seed = 1, MinimumJobRetention = JobRetention };
        var host = await SimulatedHost.OpenAsync(_description, options, TimeProvider.System, cancellationToken);
        _host = host;
        Session = new SessionUnderTest(host.OpenSession());
        PrepareSession?.Invoke(Session);
        return new HostConnection(
            Neighbours(host.OpenNamespaces() with { Virtualization = Session }), Timing(HostTiming.Simulated(options.Speed, options.MinimumJobRetention)), () => host.Initiations.Total, host);
    }
}
