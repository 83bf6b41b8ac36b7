using System.Globalization;
using System.Net;
using HostAgent.Agent;
using HostAgent.Coordinator;
using HostAgent.HyperV.Simulation.Estates;
using HostAgent.Transport;
using Microsoft.AspNetCore.Builder;

namespace HostAgent.Conformance.Product;

/// <summary>The product itself: one agent on a simulated host and a coordinator that knows it, configured as their own processes are.</summary>
public sealed class SimulatedSite : IAsyncLifetime
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("conformance-site-");
    private readonly CertificateAuthority _authority = CertificateAuthority.Create("Conformance site", TimeProvider.System);
    private readonly Estate _estate = EstateGenerator.Generate(hosts: 1, virtualMachinesPerHost: 3, seed: 7);
    private WebApplication? _agent;
    private WebApplication? _coordinator;

    /// <summary>How many times as fast as the clock the host works.</summary>
    internal double Speed { get; init; } = 1000;

    internal string HostName => _estate.Hosts.Single().Name;

    internal IReadOnlyList<string> MachineNames => [.. _estate.Hosts.Single().VirtualMachines.Select(machine => machine.Name)];

    internal Uri Agent => new(_agent!.Urls.Single());

    internal Uri Coordinator => new(_coordinator!.Urls.Single());

    internal MutualTlsOptions Operator { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Operator = Issue(PeerRole.Operator, "conformance");
        _agent = await AgentApplication.CreateAsync(
        [
            .. Common("agent", Issue(PeerRole.Agent, HostName)),
            "--simulate", await WriteAsync("estate.yaml", EstateDocument.Write(_estate)), "--host", HostName, "--speed", Speed.ToString("R", CultureInfo.InvariantCulture),
            // A control plane of another kind than ours, which comes with an operator's certificate.
            "--HostAgent:OperatorsMayFailBack", "true",
        ]);
        await _agent.StartAsync();
        var inventory = $$"""
            apiVersion: failback/v1
            kind: Inventory
            hosts:
              - {name: {{HostName}}, address: "{{Agent.GetLeftPart(UriPartial.Authority)}}", site: west, primarySite: east}
            """;
        _coordinator = CoordinatorApplication.Create(
        [
            .. Common("coordinator", Issue(PeerRole.Coordinator, "coordinator")),
            "--inventory", await WriteAsync("hosts.yaml", inventory),
        ]);
        await _coordinator.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var application in new[] { _coordinator, _agent })
        {
            if (application is not null)
            {
                await application.DisposeAsync();
            }
        }

        _authority.Dispose();
        _directory.Delete(recursive: true);
    }

    private string[] Common(string name, MutualTlsOptions files) =>
    [
        "--listen", "127.0.0.1:0", "--data", Path.Combine(_directory.FullName, name),
        "--certificate", files.CertificatePath!, "--private-key", files.PrivateKeyPath!, "--authority", files.AuthorityPath!,
        "--Logging:LogLevel:Default", "Warning",
    ];

    private MutualTlsOptions Issue(PeerRole role, string name) =>
        _authority.Issue(role, name, Lifetime, ["localhost"], [IPAddress.Loopback]).WriteTo(Path.Combine(_directory.FullName, "certificates"));

    private async Task<string> WriteAsync(string name, string text)
    {
        var file = Path.Combine(_directory.FullName, name);
        await File.WriteAllTextAsync(file, text);
        return file;
    }
}
