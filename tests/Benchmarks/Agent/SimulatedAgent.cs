using System.Globalization;
using Grpc.Net.Client;
using HostAgent.Agent;
using HostAgent.Conformance.Security;
using HostAgent.Contracts.Failback.V1;
using HostAgent.HyperV.Simulation;
using HostAgent.HyperV.Simulation.Estates;
using HostAgent.Transport;
using HostAgent.Transport.Channels;
using Microsoft.AspNetCore.Builder;

namespace HostAgent.Benchmarks.Agent;

/// <summary>The agent as it ships, with its journal on this machine's disk, before a simulated host; and a channel to it.</summary>
internal sealed class SimulatedAgent : IAsyncDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("agent-benchmark-");
    private readonly ConformancePki _pki = new();
    private readonly IReadOnlyList<string> _machines;
    private WebApplication _application = null!;
    private GrpcChannel _channel = null!;
    private int _taken;

    private SimulatedAgent(Estate estate) => _machines = [.. estate.Hosts.Single().VirtualMachines.Select(machine => machine.Id.ToString())];

    public Failback.FailbackClient Client { get; private set; } = null!;

    /// <summary>An agent whose failbacks take so long that none ends.</summary>
    public static Task<SimulatedAgent> StartSlowAsync(int machines) => StartNewAsync(EstateOf(machines), speed: 1);

    /// <summary>An agent whose failbacks take about a given time, one after the other.</summary>
    public static Task<SimulatedAgent> StartQuickAsync(int machines, TimeSpan failback)
    {
        var estate = EstateOf(machines);
        return StartNewAsync(estate, estate.SpeedFor(failback * machines, concurrentPerHost: 1));
    }

    /// <summary>A failback of the next machine, which has none yet.</summary>
    public InitiateFailbackRequest NextRequest() => new() { OperationId = Guid.NewGuid().ToString(), VirtualMachineId = _machines[Interlocked.Increment(ref _taken) - 1] };

    public async ValueTask DisposeAsync()
    {
        _channel.Dispose();
        await _application.StopAsync();
        await _application.DisposeAsync();
        _pki.Dispose();
        _directory.Delete(recursive: true);
    }

    private async Task<SimulatedAgent> StartAsync(Estate estate, double speed)
    {
        var host = estate.Hosts.Single();
        var estateFile = Path.Combine(_directory.FullName, "estate.yaml");
        await File.WriteAllTextAsync(estateFile, EstateDocument.Write(estate));
        _application = await AgentApplication.CreateAsync(
        [
            "--listen", "127.0.0.1:0", "--data", Path.Combine(_directory.FullName, "data"),
            "--certificate", _pki.ServerFiles.CertificatePath!, "--private-key", _pki.ServerFiles.PrivateKeyPath!, "--authority", _pki.ServerFiles.AuthorityPath!,
            "--simulate", estateFile, "--host", host.Name, "--speed", speed.ToString("R", CultureInfo.InvariantCulture),
            "--HostAgent:MaxQueuedFailbacks", "10000", "--Logging:LogLevel:Default", "Warning",
        ]);
        // The agent says where it listens on the standard output, which is the report's here.
        var output = Console.Out;
        Console.SetOut(TextWriter.Null);
        await _application.StartAsync();
        Console.SetOut(output);
        _channel = MutualTlsChannel.Create(new Uri(_application.Urls.Single()), _pki.Client, PeerRole.Agent, ConformancePki.ServerName);
        Client = new Failback.FailbackClient(_channel);
        return this;
    }

    private static Task<SimulatedAgent> StartNewAsync(Estate estate, double speed) => new SimulatedAgent(estate).StartAsync(estate, speed);

    /// <summary>One host with so many machines.</summary>
    public static Estate EstateOf(int machines)
    {
        var estate = EstateGenerator.Generate(hosts: 1, machines, seed: 7);
        return estate with { Hosts = [estate.Hosts.Single() with { Name = ConformancePki.ServerName }] };
    }
}
