using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using HostAgent.Transport;
using HostAgent.Transport.Tls;

namespace HostAgent.Benchmarks.Coordinator;

/// <summary>Scripted agents in processes of their own, an authority that everybody trusts, and the inventory that lists them. Everything lives in one directory that goes with it.</summary>
internal sealed class ScriptedEstate : IAsyncDisposable
{
    // Each agent keeps a listening and a connected socket open.
    private const int AgentsPerProcess = 5_000;

    private static readonly TimeSpan CertificateLifetime = TimeSpan.FromHours(6);

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("coordinator-benchmark-");
    private readonly CertificateAuthority _authority = CertificateAuthority.Create("coordinator benchmark", TimeProvider.System);
    private readonly List<AgentProcess> _processes = [];
    private int _generation;
    private AgentScript? _script;

    private ScriptedEstate()
    {
        OperatorIdentity = MutualTlsIdentity.Load(Issue(PeerRole.Operator, "benchmark"), TimeProvider.System);
        CoordinatorFiles = Issue(PeerRole.Coordinator, "coordinator");
    }

    /// <summary>How many agents there are.</summary>
    public int Agents { get; private set; }

    /// <summary>The inventory that lists them.</summary>
    public string Inventory => Path.Combine(_directory.FullName, "hosts.yaml");

    /// <summary>The caller of the coordinator.</summary>
    public MutualTlsIdentity OperatorIdentity { get; }

    /// <summary>The coordinator's certificate.</summary>
    public MutualTlsOptions CoordinatorFiles { get; }

    /// <summary>Starts so many agents.</summary>
    public static async Task<ScriptedEstate> StartAsync(int agents, CancellationToken cancellation)
    {
        var estate = new ScriptedEstate { Agents = agents };
        try
        {
            await estate.StartAsync(cancellation);
            return estate;
        }
        catch
        {
            await estate.DisposeAsync();
            throw;
        }
    }

    /// <summary>Gives the agents new machines and tells them what to do.</summary>
    /// <returns>The number of the generation, for names.</returns>
    public async Task<int> UseAsync(int machines, TimeSpan item, int spread, TimeSpan percent, CancellationToken cancellation)
    {
        var script = new AgentScript(++_generation, Agents, machines, item, spread, percent);
        await Task.WhenAll(_processes.Select(process => process.TellAsync(script, cancellation)));
        _script = script;
        return _generation;
    }

    /// <summary>The processor time that the agents have used.</summary>
    public async Task<double> CpuSecondsAsync(CancellationToken cancellation) =>
        (await Task.WhenAll(_processes.Select(process => process.TellAsync(_script!, cancellation)))).Sum(figures => figures.CpuSeconds);

    /// <summary>A new directory for a coordinator's data.</summary>
    public string NewDirectory() => Path.Combine(_directory.FullName, Path.GetRandomFileName());

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes)
        {
            await process.DisposeAsync();
        }

        OperatorIdentity.Dispose();
        _authority.Dispose();
        _directory.Delete(recursive: true);
    }

    private MutualTlsOptions Issue(PeerRole role, string name) =>
        _authority.Issue(role, name, CertificateLifetime, ["localhost"], [IPAddress.Loopback]).WriteTo(Path.Combine(_directory.FullName, "callers"));

    private async Task StartAsync(CancellationToken cancellation)
    {
        var agents = Path.Combine(_directory.FullName, "agents");
        _authority.WriteTo(agents);
        for (var first = 0; first < Agents; first += AgentsPerProcess)
        {
            _processes.Add(new AgentProcess(agents, first, Math.Min(AgentsPerProcess, Agents - first)));
        }

        var ports = (await Task.WhenAll(_processes.Select(process => process.PortsAsync(cancellation)))).SelectMany(ports => ports).ToList();
        var inventory = new StringBuilder("apiVersion: failback/v1\nkind: Inventory\nhosts:\n");
        for (var host = 0; host < ports.Count; host++)
        {
            inventory.AppendLine(CultureInfo.InvariantCulture, $"  - {{name: {ScriptedAgents.NameOf(host)}, address: 'https://127.0.0.1:{ports[host]}', site: west, primarySite: east}}");
        }

        await File.WriteAllTextAsync(Inventory, inventory.ToString(), cancellation);
    }

    private sealed class AgentProcess : IAsyncDisposable
    {
        private readonly SemaphoreSlim _turn = new(1, 1);
        private readonly Process _process;

        public AgentProcess(string directory, int first, int count)
        {
            string[] arguments = ["scripted-agents", "--directory", directory, "--first", first.ToString(CultureInfo.InvariantCulture), "--count", count.ToString(CultureInfo.InvariantCulture)];
            _process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, arguments) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true })!;
        }

        public async Task<List<int>> PortsAsync(CancellationToken cancellation) => JsonSerializer.Deserialize<List<int>>(await ReadAsync(cancellation))!;

        public async Task<ProcessFigures> TellAsync(AgentScript script, CancellationToken cancellation)
        {
            await _turn.WaitAsync(cancellation);
            try
            {
                await _process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(script).AsMemory(), cancellation);
                await _process.StandardInput.FlushAsync(cancellation);
                return JsonSerializer.Deserialize<ProcessFigures>(await ReadAsync(cancellation))!;
            }
            finally
            {
                _turn.Release();
            }
        }

        public async ValueTask DisposeAsync()
        {
            if (!_process.HasExited)
            {
                _process.Kill();
            }

            await _process.WaitForExitAsync();
            _process.Dispose();
            _turn.Dispose();
        }

        private async Task<string> ReadAsync(CancellationToken cancellation) =>
            await _process.StandardOutput.ReadLineAsync(cancellation) ?? throw new InvalidOperationException("The process of the scripted agents has ended; its standard error says why.");
    }
}
