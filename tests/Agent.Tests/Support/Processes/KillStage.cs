using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json;
using Grpc.Net.Client;
using HostAgent.Agent.Operations;
using HostAgent.HyperV.Simulation.Estates;
using HostAgent.KillableAgent;
using HostAgent.Tests.Shared;
using HostAgent.Tests.Shared.Channels;
using HostAgent.Transport;
using HostAgent.Transport.Tls;
using Client = HostAgent.Contracts.Failback.V1.Failback.FailbackClient;

namespace HostAgent.Agent.Tests.Support.Processes;

/// <summary>Hosts whose agents live in one process, which is killed when each of them has an operation at its own point.</summary>
internal sealed class KillStage : IAsyncDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly CertificateAuthority _authority = CertificateAuthority.Create("kill stage", TimeProvider.System);
    private readonly MutualTlsIdentity _operator;
    private readonly string _estate;
    private readonly Dictionary<string, MutualTlsOptions> _files = [];
    private int _nextMachine;
    private int _lives;

    public KillStage(IReadOnlyList<OperationCheckpoint> points, int machines)
    {
        _operator = MutualTlsIdentity.Load(_authority.Issue(PeerRole.Coordinator, "test", TimeSpan.FromDays(1)).WriteTo(_directory.Combine("pki")), TimeProvider.System);
        Hosts = [.. points.Select((point, i) => new KilledHost(string.Create(CultureInfo.InvariantCulture, $"hv-kill-{i}"), point, _directory.Combine($"host-{i}")))];
        _estate = _directory.Combine("estate.yaml");
        var estate = new Estate
        {
            Hosts = [.. Hosts.Select((host, i) => new SimulatedHostDescription
            {
                Name = host.Name,
                // A job that is to be caught at work must last longer than the agent takes to look at it, however busy the machine is.
                VirtualMachines = [.. Enumerable.Range(0, machines).Select(machine => Stage.Machine((10_000 * i) + machine) with { DiskGigabytes = host.KillAt == OperationCheckpoint.JobAtWork ? 30 : 1 })],
            })],
        };
        File.WriteAllText(_estate, EstateDocument.Write(estate));
        foreach (var host in Hosts)
        {
            _files[host.Name] = _authority.Issue(PeerRole.Agent, host.Name, TimeSpan.FromDays(1), ["localhost"], [IPAddress.Loopback]).WriteTo(_directory.Combine("pki"));
        }
    }

    public IReadOnlyList<KilledHost> Hosts { get; }

    /// <summary>One life: former operations are followed, new ones are started, and the process dies with one of each host's at its point.</summary>
    public async Task LiveAndDieAsync(int seed, int newOperations)
    {
        var random = new Random(seed);
        Add(newOperations, seed, random);
        var born = Stopwatch.GetTimestamp();
        await using var process = await StartAsync(host => host.KillAt is OperationCheckpoint.JobAtWork ? 1 + random.Next(6) : 1 + random.Next(newOperations));
        var clients = new List<GrpcChannel>();
        var following = Hosts.Select(host => host.FollowAsync(Client(process, host, clients), new Random(seed), born)).ToList();
        await process.EndedAsync();
        await Task.WhenAll(following);
        clients.ForEach(client => client.Dispose());
    }

    /// <summary>One life on a disk that becomes full, and has room again after the first refusal. Everything ends.</summary>
    public async Task LiveThroughFullDiskAsync(int largestFile)
    {
        await using var process = await StartAsync(arrivals: null, largestFile);
        var clients = new List<GrpcChannel>();
        var host = Hosts.Single();
        var client = Client(process, host, clients);
        var following = new List<Task>();
        for (var seed = 0; !host.HasRefused; seed++)
        {
            Add(1, seed, new Random(seed));
            following.Add(await host.StartNewestAsync(client));
        }

        await process.LiftLimitAsync();
        await Task.WhenAll(following);
        await host.FollowAsync(client, new Random(1), Stopwatch.GetTimestamp());
        await host.ReadAllAsync(client);
        clients.ForEach(channel => channel.Dispose());
    }

    /// <summary>One life of the only host's agent, on a disk that may fail. It is killed when a test has done with it.</summary>
    public async Task LiveAsync(FailingFlush disk, Func<Client, Task> live)
    {
        await using var process = await StartAsync(arrivals: null, environment: disk.Environment);
        var clients = new List<GrpcChannel>();
        try
        {
            await live(Client(process, Hosts.Single(), clients));
        }
        finally
        {
            clients.ForEach(channel => channel.Dispose());
        }
    }

    /// <summary>The last life, in which everything ends; then everything is read again.</summary>
    public async Task LiveToTheEndAsync()
    {
        var born = Stopwatch.GetTimestamp();
        await using var process = await StartAsync(arrivals: null);
        var clients = new List<GrpcChannel>();
        await Task.WhenAll(Hosts.Select(host => host.FollowAsync(Client(process, host, clients), new Random(0), born)));
        foreach (var host in Hosts)
        {
            await host.ReadAllAsync(Client(process, host, clients));
        }

        clients.ForEach(client => client.Dispose());
    }

    public ValueTask DisposeAsync()
    {
        _operator.Dispose();
        _authority.Dispose();
        _directory.Dispose();
        return ValueTask.CompletedTask;
    }

    private void Add(int operations, int seed, Random random)
    {
        for (var i = 0; i < operations; i++, _nextMachine++)
        {
            for (var host = 0; host < Hosts.Count; host++)
            {
                Hosts[host].Add(new Guid(random.Next(), 0, 0, [0, 0, 0, 0, (byte)host, (byte)i, (byte)seed, (byte)(seed >> 8)]), Stage.Id((10_000 * host) + _nextMachine));
            }
        }
    }

    private async Task<ServerProcess> StartAsync(Func<KilledHost, int>? arrivals, int? largestFile = null, IReadOnlyDictionary<string, string>? environment = null)
    {
        var life = new Life([.. Hosts.Select(host => new MortalAgent(
            [
                "--listen", "127.0.0.1:0", "--data", _directory.Combine($"data-{host.Name}"), "--host", host.Name,
                "--certificate", _files[host.Name].CertificatePath!, "--private-key", _files[host.Name].PrivateKeyPath!, "--authority", _files[host.Name].AuthorityPath!,
                "--Logging:LogLevel:Default", "Error",
            ],
            _estate,
            host.Name,
            host.StateFile,
            arrivals is null ? null : host.KillAt,
            arrivals?.Invoke(host) ?? 0))]);
        var file = _directory.Combine(string.Create(CultureInfo.InvariantCulture, $"life-{_lives++}.json"));
        await File.WriteAllTextAsync(file, JsonSerializer.Serialize(life));
        return await ServerProcess.StartAsync("HostAgent.KillableAgent.dll", [file], Hosts.Count, largestFile, environment);
    }

    private Client Client(ServerProcess process, KilledHost host, List<GrpcChannel> channels)
    {
        var channel = PatientChannel.Create(process.AddressOf($"Agent {host.Name}"), _operator, PeerRole.Agent, host.Name);
        lock (channels)
        {
            channels.Add(channel);
        }

        return new Client(channel);
    }
}
