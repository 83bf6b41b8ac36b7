using System.Net;
using HostAgent.Transport;
using HostAgent.Transport.Tls;

namespace HostAgent.Benchmarks.Coordinator;

/// <summary>Agents in processes of their own, an authority that everybody trusts, and the inventory that lists them. Everything lives in one directory that goes with it.</summary>
internal abstract class AgentEstate : IAsyncDisposable
{
    private static readonly TimeSpan CertificateLifetime = TimeSpan.FromHours(6);

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("coordinator-benchmark-");
    private readonly CertificateAuthority _authority = CertificateAuthority.Create("coordinator benchmark", TimeProvider.System);
    private readonly List<AgentProcess> _processes = [];

    protected AgentEstate(int agents)
    {
        Agents = agents;
        OperatorIdentity = MutualTlsIdentity.Load(Issue(PeerRole.Operator, "benchmark"), TimeProvider.System);
        CoordinatorFiles = Issue(PeerRole.Coordinator, "coordinator");
        _authority.WriteTo(AgentDirectory);
    }

    /// <summary>How many agents there are.</summary>
    public int Agents { get; }

    /// <summary>The inventory that lists them.</summary>
    public string Inventory => Path.Combine(_directory.FullName, "hosts.yaml");

    /// <summary>The caller of the coordinator.</summary>
    public MutualTlsIdentity OperatorIdentity { get; }

    /// <summary>The coordinator's certificate.</summary>
    public MutualTlsOptions CoordinatorFiles { get; }

    /// <summary>What belongs to the agents; the authority is there.</summary>
    protected string AgentDirectory => Path.Combine(_directory.FullName, "agents");

    /// <summary>Their processes.</summary>
    protected IReadOnlyList<AgentProcess> Processes => _processes;

    /// <summary>The document of the next campaign, over machines that no campaign has had.</summary>
    /// <param name="items">How many machines it has.</param>
    /// <param name="inFlight">How many of them may be in flight.</param>
    /// <param name="cancellation">Cancels.</param>
    public abstract Task<string> NextAsync(int items, int inFlight, CancellationToken cancellation);

    /// <summary>The processor time that the agents have used.</summary>
    public abstract Task<double> CpuSecondsAsync(CancellationToken cancellation);

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

    /// <summary>Starts a process of agents.</summary>
    protected void Start(params IEnumerable<string> arguments) => _processes.Add(new AgentProcess(arguments));

    /// <summary>Writes the inventory, a line for each host.</summary>
    protected Task WriteInventoryAsync(IEnumerable<string> hosts, CancellationToken cancellation) =>
        File.WriteAllLinesAsync(Inventory, ["apiVersion: failback/v1", "kind: Inventory", "hosts:", .. hosts.Select(host => $"  - {host}")], cancellation);

    private MutualTlsOptions Issue(PeerRole role, string name) =>
        _authority.Issue(role, name, CertificateLifetime, ["localhost"], [IPAddress.Loopback]).WriteTo(Path.Combine(_directory.FullName, "callers"));
}
