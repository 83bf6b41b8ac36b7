using System.Globalization;
using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Clusters;
using HostAgent.HyperV.Jobs;
using HostAgent.HyperV.Simulation.Engine;
using HostAgent.HyperV.Simulation.Estates;
using HostAgent.HyperV.Simulation.Identifiers;
using HostAgent.HyperV.Simulation.Model;
using HostAgent.HyperV.Simulation.Plans;
using HostAgent.HyperV.Simulation.Sessions;
using HostAgent.HyperV.Simulation.World;
using HostAgent.HyperV.Volumes;

namespace HostAgent.HyperV.Simulation;

/// <summary>
/// A simulated Hyper-V host that outlives the process: its history is in the state file, and its jobs advance with the (scaled) clock
/// even while no process runs. Thread-safe; any number of sessions may be open at once.
/// </summary>
public sealed partial class SimulatedHost : IAsyncDisposable
{
    private readonly HostEngine _engine;
    private readonly SimulatedNamespace _namespace;
    private readonly WatchPump _pump;
    private readonly CallDelay _slowness;
    private OtherHost? _link;
    private readonly Dictionary<string, (SimulatedNamespace Namespace, WatchPump Pump)> _neighbours = new(StringComparer.OrdinalIgnoreCase);

    private SimulatedHost(SimulatedHostDescription description, SimulationOptions options, TimeProvider time, HostEngine engine)
    {
        Description = description;
        _engine = engine;
        _namespace = new SimulatedNamespace(engine, description, options);
        _slowness = new CallDelay(description.Faults, time);
        _pump = new WatchPump(time, _namespace.Poll, EventDelivery.Of(description.Faults));
        Serve(new ObjectModel(VolumeClasses.Namespace, new VolumeClass(), new OperatingSystemClass()));
        if (description.Cluster is not null)
        {
            Serve(new ObjectModel(ClusterClasses.Namespace, new ClusterResourceClass()));
        }

        void Serve(ObjectModel model)
        {
            var served = new SimulatedNamespace(engine, description, model);
            _neighbours.Add(model.Namespace, (served, new WatchPump(time, served.Poll, EventDelivery.Of(description.Faults))));
        }
    }

    /// <summary>The host's initial state.</summary>
    public SimulatedHostDescription Description { get; }

    /// <summary>The host's own count since it was created: the InitiateFailback calls that took effect.</summary>
    /// <exception cref="CimException">The host is closed.</exception>
    public InitiationCount Initiations => _engine.Ask(world => new InitiationCount([.. world.Initiations]));

    /// <summary>Calls on the host's Hyper-V namespace by all sessions since it was opened here.</summary>
    public CallCount Calls => _namespace.Calls;

    /// <summary>How many machines all calls went through to find the ones that they were about.</summary>
    internal long MachinesVisited => _engine.Ask(world => world.MachinesVisited);

    /// <summary>
    /// Reads the accepted InitiateFailback calls from a state file, even while another process serves it: the host's own record of what
    /// it did.
    /// </summary>
    /// <exception cref="StateFileException">The file is damaged.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static InitiationCount ReadInitiations(string stateFile)
        => new([.. StateFile.Read(stateFile).SelectMany(record => record switch
        {
            HostSummary summary => summary.Initiations,
            FailbackInitiated initiated => [initiated.ToInitiation()],
            _ => [],
        })]);

    /// <summary>Opens a session on the host's <c>root\virtualization\v2</c>.</summary>
    public ICimSession OpenSession() => new SimulatedCimSession(_namespace, _pump, _slowness);

    /// <summary>Opens a session on another namespace: <c>root\cimv2</c> or, on a cluster node, <c>root\MSCluster</c>.</summary>
    /// <returns>The session, or null when the host does not have the namespace.</returns>
    public ICimSession? OpenSession(string namespaceName)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(namespaceName);
        return _neighbours.TryGetValue(namespaceName, out var served) ? new SimulatedCimSession(served.Namespace, served.Pump, _slowness) : null;
    }

    /// <summary>Opens a session on each of the host's namespaces.</summary>
    public HostNamespaces OpenNamespaces() => new(OpenSession(), OpenSession(VolumeClasses.Namespace), OpenSession(ClusterClasses.Namespace));

    /// <summary>Restarts the virtual machine management service: all jobs and their records are gone, all states are kept.</summary>
    /// <exception cref="CimException">The host is closed.</exception>
    public void RestartManagementService() => _engine.Decide((world, commit) =>
    {
        commit(new HostRestarted(world.NowTime));
        return true;
    });

    /// <summary>Takes the host's power away: its machines stop where they are, its jobs are gone, and every call fails until the power returns.</summary>
    /// <exception cref="CimException">The host is closed.</exception>
    public void FailPower() => _engine.SetPower(on: false);

    /// <summary>Returns the power. The host starts the machines that its settings say, where their replication state allows it.</summary>
    /// <exception cref="CimException">The host is closed.</exception>
    public void ReturnPower() => _engine.SetPower(on: true);

    /// <summary>Starts a job of another kind on a virtual machine, for example a backup; it blocks a failback.</summary>
    /// <param name="virtualMachineId">The virtual machine.</param>
    /// <param name="type">The type of the job.</param>
    /// <param name="duration">How long it runs, in host time; null for forever.</param>
    /// <returns>The InstanceID of the job.</returns>
    /// <exception cref="ArgumentException">The host has no such virtual machine.</exception>
    /// <exception cref="CimException">The host is closed.</exception>
    public string StartOtherJob(Guid virtualMachineId, JobType type, TimeSpan? duration) => _engine.Decide((world, commit) =>
    {
        if (world.FindVirtualMachine(virtualMachineId) is null)
        {
            throw new ArgumentException($"Host {Description.Name} has no virtual machine {virtualMachineId}.", nameof(virtualMachineId));
        }

        var id = SeededGuid.Create(
            world.Seed, "other job", CimText.Guid(virtualMachineId), world.Now.ToString(CultureInfo.InvariantCulture), world.Jobs.Count.ToString(CultureInfo.InvariantCulture));
        commit(new OtherJobStarted(world.NowTime, id, virtualMachineId, type, OtherWork.Plan(duration)));
        return CimText.Guid(id);
    });

    /// <summary>Moves a virtual machine to another cluster node, or deletes it: it and its jobs disappear from this host.</summary>
    /// <exception cref="ArgumentException">The estate has no such virtual machine on this host.</exception>
    /// <exception cref="CimException">The host is closed.</exception>
    public void Remove(Guid virtualMachineId) => Change(virtualMachineId, new MachineChange { IsHere = false });

    /// <summary>Moves a virtual machine of the host's estate here from another node.</summary>
    /// <exception cref="ArgumentException">The estate has no such virtual machine on this host.</exception>
    /// <exception cref="CimException">The host is closed.</exception>
    public void Receive(Guid virtualMachineId) => Change(virtualMachineId, new MachineChange { IsHere = true });

    /// <summary>Gives a virtual machine another display name.</summary>
    /// <exception cref="ArgumentException">The estate has no such virtual machine on this host, or the name is blank.</exception>
    /// <exception cref="CimException">The host is closed.</exception>
    public void Rename(Guid virtualMachineId, string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        Change(virtualMachineId, new MachineChange { Name = name });
    }

    /// <summary>Removes all recovery points of a virtual machine, as a resynchronisation does.</summary>
    /// <exception cref="ArgumentException">The estate has no such virtual machine on this host.</exception>
    /// <exception cref="CimException">The host is closed.</exception>
    public void RemoveRecoveryPoints(Guid virtualMachineId) => Change(virtualMachineId, new MachineChange { RemovesRecoveryPoints = true });

    /// <summary>Closes the state file and ends all watches. The host continues in the file.</summary>
    public ValueTask DisposeAsync()
    {
        _pump.Dispose();
        foreach (var (_, pump) in _neighbours.Values)
        {
            pump.Dispose();
        }

        _engine.Dispose();
        _link?.Dispose();
        return ValueTask.CompletedTask;
    }

    internal ReplicationLink JoinTo(SimulatedHost other, SimulatedLinkDescription link, IReadOnlyList<StateRecord>? records = null) => new(_engine, other._engine, link, records ?? []);

    private void Change(Guid virtualMachineId, MachineChange change)
    {
        if (!Description.VirtualMachines.Any(machine => machine.Id == virtualMachineId))
        {
            throw new ArgumentException($"Host {Description.Name} has no virtual machine {virtualMachineId}.", nameof(virtualMachineId));
        }

        _engine.Decide((world, commit) =>
        {
            commit(new MachineChanged(world.NowTime, virtualMachineId, change));
            return true;
        });
    }

    /// <summary>The host of the same pair that another process serves, and the link to it.</summary>
    private sealed class OtherHost(SimulatedHost host, ReplicationLink link) : IDisposable
    {
        public void Dispose()
        {
            host._pump.Dispose();
            foreach (var (_, pump) in host._neighbours.Values)
            {
                pump.Dispose();
            }

            host._engine.Dispose();
            link.Dispose();
        }
    }
}
