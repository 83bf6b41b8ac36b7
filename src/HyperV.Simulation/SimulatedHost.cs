using System.Globalization;
using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Clusters;
using HostAgent.HyperV.Jobs;
using HostAgent.HyperV.Simulation.Engine;
using HostAgent.HyperV.Simulation.Estates;
using HostAgent.HyperV.Simulation.Model;
using HostAgent.HyperV.Simulation.Model.Classes;
using HostAgent.HyperV.Simulation.World;
using HostAgent.HyperV.Volumes;

namespace HostAgent.HyperV.Simulation;

/// <summary>
/// A whole Hyper-V host that outlives the process: its past stands in the state file, and its jobs advance with the (scaled) clock
/// even while no process is up. Safe for use by several threads; any number of sessions may be open at once.
/// </summary>
public sealed class SimulatedHost : IAsyncDisposable
{
    private readonly HostEngine _engine;
    private readonly SimulatedNamespace _namespace;
    private readonly WatchPump _pump;
    private readonly CallDelay _slowness;
    private readonly Dictionary<string, (SimulatedNamespace Namespace, WatchPump Pump)> _neighbours = new(StringComparer.OrdinalIgnoreCase);

    private SimulatedHost(SimulatedHostDescription description, SimulationOptions options, TimeProvider time, HostEngine engine)
    {
        Description = description;
        _engine = engine;
        _namespace = new SimulatedNamespace(engine, description, options);
        _slowness = new CallDelay(description.Faults, time);
        _pump = new WatchPump(time, _namespace.Look, EventDelivery.Of(description.Faults));
        Serve(new ObjectModel(VolumeClasses.Namespace, new VolumeClass()));
        if (description.Cluster is not null)
        {
            Serve(new ObjectModel(ClusterClasses.Namespace, new ClusterResourceClass()));
        }

        void Serve(ObjectModel model)
        {
            var served = new SimulatedNamespace(engine, description, model);
            _neighbours.Add(model.Namespace, (served, new WatchPump(time, served.Look, EventDelivery.Of(description.Faults))));
        }
    }

    /// <summary>What the host was when the simulation began.</summary>
    public SimulatedHostDescription Description { get; }

    /// <summary>What the host has counted itself over its whole life: the InitiateFailback calls that took effect.</summary>
    /// <exception cref="CimException">The host is closed.</exception>
    public InitiationCount Initiations => _engine.Ask(world => new InitiationCount([.. world.Initiations]));

    /// <summary>The calls made on Hyper-V's namespace of the host since it was opened here, by all sessions.</summary>
    public CallCount Calls => _namespace.Calls;

    /// <summary>Starts the host, or continues it from its state file.</summary>
    /// <param name="description">What the host is when the simulation begins.</param>
    /// <param name="options">How it is run.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends the wait for the state file to be read.</param>
    /// <exception cref="ArgumentException">The description or the options are not valid; the message names every error.</exception>
    /// <exception cref="StateFileException">The state file is in use by another process, damaged, or tells another host's past.</exception>
    public static Task<SimulatedHost> OpenAsync(
        SimulatedHostDescription description, SimulationOptions options, TimeProvider time, CancellationToken cancellationToken = default)
        => OpenAsync(description, options, time, HostEngine.Open, cancellationToken);

    /// <summary>
    /// Opens a copy of the host, in memory, as its state file tells it, or as the description has it where there is none. The file is only read, also
    /// while another process serves the host; what is asked of the copy takes effect in the copy alone.
    /// </summary>
    /// <param name="description">What the host is when the simulation begins.</param>
    /// <param name="options">How it is run.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends the wait for the state file to be read.</param>
    /// <exception cref="ArgumentException">The description or the options are not valid; the message names every error.</exception>
    /// <exception cref="StateFileException">The state file is damaged, or tells another host's past.</exception>
    /// <exception cref="IOException">The state file cannot be read.</exception>
    public static Task<SimulatedHost> OpenCopyAsync(
        SimulatedHostDescription description, SimulationOptions options, TimeProvider time, CancellationToken cancellationToken = default)
        => OpenAsync(description, options, time, HostEngine.OpenCopy, cancellationToken);

    /// <summary>
    /// Reads the accepted InitiateFailback calls out of a state file, also while another process serves it: what a host really
    /// did, told by the host.
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

    /// <summary>Opens a session on a namespace beside it, <c>root\cimv2</c> or, on a node of a cluster, <c>root\MSCluster</c>.</summary>
    /// <returns>The session, or null when the host does not have the namespace.</returns>
    public ICimSession? OpenSession(string namespaceName)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(namespaceName);
        return _neighbours.TryGetValue(namespaceName, out var served) ? new SimulatedCimSession(served.Namespace, served.Pump, _slowness) : null;
    }

    /// <summary>Opens a session on each namespace that the host has.</summary>
    public HostNamespaces OpenNamespaces() => new(OpenSession(), OpenSession(VolumeClasses.Namespace), OpenSession(ClusterClasses.Namespace));

    /// <summary>Restarts the virtual machine management service: all jobs and their records are gone, all states stay.</summary>
    /// <exception cref="CimException">The host is closed.</exception>
    public void RestartManagementService() => _engine.Decide((world, commit) =>
    {
        commit(new HostRestarted(world.NowTime));
        return true;
    });

    /// <summary>Starts a job of another kind on a virtual machine, for example a backup; it is in the way of a failback.</summary>
    /// <param name="virtualMachineId">The virtual machine.</param>
    /// <param name="type">What the job does.</param>
    /// <param name="duration">How long it runs, in the host's own time; null for ever.</param>
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

    /// <summary>Moves a virtual machine to another node of its cluster, or deletes it: this host has neither it nor its jobs any more.</summary>
    /// <exception cref="ArgumentException">The estate gives the host no such virtual machine.</exception>
    /// <exception cref="CimException">The host is closed.</exception>
    public void Remove(Guid virtualMachineId) => Change(virtualMachineId, new MachineChange { IsHere = false });

    /// <summary>Moves a virtual machine of the host's estate here, as another node lets go of it.</summary>
    /// <exception cref="ArgumentException">The estate gives the host no such virtual machine.</exception>
    /// <exception cref="CimException">The host is closed.</exception>
    public void Receive(Guid virtualMachineId) => Change(virtualMachineId, new MachineChange { IsHere = true });

    /// <summary>Gives a virtual machine another display name.</summary>
    /// <exception cref="ArgumentException">The estate gives the host no such virtual machine, or the name is blank.</exception>
    /// <exception cref="CimException">The host is closed.</exception>
    public void Rename(Guid virtualMachineId, string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        Change(virtualMachineId, new MachineChange { Name = name });
    }

    /// <summary>Removes all recovery points of a virtual machine, as a resynchronisation by somebody else does.</summary>
    /// <exception cref="ArgumentException">The estate gives the host no such virtual machine.</exception>
    /// <exception cref="CimException">The host is closed.</exception>
    public void RemoveRecoveryPoints(Guid virtualMachineId) => Change(virtualMachineId, new MachineChange { RemovesRecoveryPoints = true });

    /// <summary>Closes the state file and ends all watches. The host lives on in the file.</summary>
    public ValueTask DisposeAsync()
    {
        _pump.Dispose();
        foreach (var (_, pump) in _neighbours.Values)
        {
            pump.Dispose();
        }

        _engine.Dispose();
        return ValueTask.CompletedTask;
    }

    private static Task<SimulatedHost> OpenAsync(
        SimulatedHostDescription description,
        SimulationOptions options,
        TimeProvider time,
        Func<SimulatedHostDescription, SimulationOptions, TimeProvider, HostEngine> open,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(description);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        DescriptionRules.Require(description);
        if (!(options.Speed > 0 && double.IsFinite(options.Speed)))
        {
            throw new ArgumentException(
                string.Create(CultureInfo.InvariantCulture, $"Speed is {options.Speed}; it must be a number above 0."), nameof(options));
        }

        if (options.CompactAbove < 1)
        {
            throw new ArgumentException(
                string.Create(CultureInfo.InvariantCulture, $"CompactAbove is {options.CompactAbove}; it must be at least 1."), nameof(options));
        }

        return Task.Run(
            () =>
            {
                var engine = open(description, options, time);
                try
                {
                    return new SimulatedHost(description, options, time, engine);
                }
                catch
                {
                    engine.Dispose();
                    throw;
                }
            },
            cancellationToken);
    }

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
}
