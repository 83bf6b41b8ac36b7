using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Clusters;
using HostAgent.HyperV.Jobs;
using HostAgent.HyperV.Simulation;
using HostAgent.HyperV.Simulation.Estates;
using HostAgent.HyperV.Volumes;
using HostAgent.HyperV.Wine.Harness.Com;
using HostAgent.HyperV.Wine.Harness.Served;
using Microsoft.Extensions.Time.Testing;

namespace HostAgent.HyperV.Wine.Harness.Cases;

/// <summary>A simulated Hyper-V host under a clock of its own, served to System.Management.</summary>
internal sealed class ServedHost : IAsyncDisposable
{
    /// <summary>A display name that needs escaping wherever it goes.</summary>
    public const string AwkwardName = """web "02" it's a \ test""";

    private readonly FakeTimeProvider? _time;
    private readonly ConnectHook _hook;
    private readonly List<ServedNamespace> _neighbours;

    private ServedHost(SimulatedHost host, FakeTimeProvider? time)
    {
        _time = time;
        Host = host;
        Simulated = host.OpenSession();
        Namespace = new ServedNamespace(host.OpenSession(), host.Description.Name);
        _neighbours = [.. new[] { VolumeClasses.Namespace, ClusterClasses.Namespace }.Select(host.OpenSession).OfType<ICimSession>().Select(session => new ServedNamespace(session, host.Description.Name))];
        _hook = new ConnectHook(resource => _neighbours.Prepend(Namespace).Select(served => served.Connect(resource)).FirstOrDefault(services => services is not null));
    }

    /// <summary>A host of an external provider.</summary>
    public static SimulatedHostDescription Description => new()
    {
        Name = "hv-west-01",
        VirtualMachines =
        [
            new() { Name = "sql-01", Id = new Guid("11111111-0000-4000-8000-000000000001"), DiskGigabytes = 10, ChangedGigabytes = 10 },
            new() { Name = AwkwardName, Id = new Guid("11111111-0000-4000-8000-000000000002"), DiskGigabytes = 10, ChangedGigabytes = 10 },
        ],
    };

    /// <summary>The host.</summary>
    public SimulatedHost Host { get; }

    /// <summary>A session that reaches the host without WMI.</summary>
    public ICimSession Simulated { get; }

    /// <summary>What System.Management connects to.</summary>
    public ServedNamespace Namespace { get; }

    /// <summary>The first virtual machine.</summary>
    public Guid MachineId => Host.Description.VirtualMachines[0].Id;

    /// <summary>The path of the first virtual machine.</summary>
    public CimObjectPath Machine => new(
        HyperVClasses.ComputerSystem,
        [new("CreationClassName", HyperVClasses.ComputerSystem), new("Name", MachineId.ToString("D").ToUpperInvariant())],
        HyperVClasses.Namespace,
        Host.Description.Name);

    /// <summary>A host whose time passes when the case lets it.</summary>
    public static Task<ServedHost> OpenAsync(CancellationToken cancellationToken) => OpenAsync(Description, cancellationToken);

    /// <summary>A host as described, whose time passes when the case lets it.</summary>
    public static async Task<ServedHost> OpenAsync(SimulatedHostDescription description, CancellationToken cancellationToken)
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 21, 22, 0, 0, TimeSpan.Zero));
        var options = new SimulationOptions { MinimumJobRetention = TimeSpan.Zero };
        return new ServedHost(await SimulatedHost.OpenAsync(description, options, time, cancellationToken), time);
    }

    /// <summary>A host whose time passes by itself, so many times faster than the clock.</summary>
    public static async Task<ServedHost> RunAsync(double speed, CancellationToken cancellationToken)
    {
        var options = new SimulationOptions { Speed = speed };
        return new ServedHost(await SimulatedHost.OpenAsync(Description, options, TimeProvider.System, cancellationToken), time: null);
    }

    /// <summary>Makes a change to the first machine that a watch sees.</summary>
    public void ModifyMachine()
    {
        Host.StartOtherJob(MachineId, JobType.Backup, duration: null);
        Pass(TimeSpan.FromSeconds(1));
    }

    /// <summary>Lets the host's time pass.</summary>
    public void Pass(TimeSpan time)
        => (_time ?? throw new InvalidOperationException("The time of this host passes by itself.")).Advance(time);

    public async ValueTask DisposeAsync()
    {
        _hook.Dispose();
        Namespace.Dispose();
        _neighbours.ForEach(neighbour => neighbour.Dispose());
        await Simulated.DisposeAsync();
        await Host.DisposeAsync();
    }
}
