using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Jobs;
using HostAgent.HyperV.Machines;
using HostAgent.HyperV.Replication;
using HostAgent.HyperV.VirtualMachines;

namespace HostAgent.HyperV.Failover;

/// <summary>What one read of a host showed of a machine, for deciding its next step between two hosts.</summary>
/// <param name="ServiceAnswers">Whether the host showed its replication service. Without it nothing that is missing here is known to be missing.</param>
/// <param name="Machine">The machine; null when the host does not have it.</param>
/// <param name="StartupAction">What the host does with it when it starts; null when not known.</param>
/// <param name="Jobs">The unfinished jobs that affect it.</param>
/// <param name="Guest">Its guest; null while it does not run.</param>
/// <param name="TestMachines">The machines that test failovers made of it.</param>
public sealed record MachineReading(
    bool ServiceAnswers, VirtualMachine? Machine, StartupAction? StartupAction, IReadOnlyList<ConcreteJob> Jobs, GuestReading? Guest, IReadOnlyList<VirtualMachineId> TestMachines)
{
    /// <summary>How long the host waits before it starts it with itself; null when not known.</summary>
    public TimeSpan? StartupDelay { get; init; }
}

/// <summary>What a host knows of a guest.</summary>
/// <param name="Heartbeat"><c>Msvm_HeartbeatComponent.OperationalStatus[0]</c>: 2 OK, 3 OK with an older protocol, 7 error, 12 no contact yet, 13 contact lost, 15 paused; null without such a component.</param>
/// <param name="Application">Its second element: 2 healthy, 32782 critical; null when the guest does not tell.</param>
/// <param name="OnTime">For how long the machine has been running (<c>OnTimeInMilliseconds</c>); null when not reported.</param>
/// <param name="CanShutDown">Whether it has a shutdown component.</param>
public sealed record GuestReading(int? Heartbeat, int? Application, TimeSpan? OnTime, bool CanShutDown);

/// <summary>Reads a machine for a decision: about eight calls.</summary>
internal sealed class MachineReadingReader(ICimSession session, Services.ReplicationServiceCaller service, VirtualMachineReader machines, JobReader jobs)
{
    private const string RealizedSystem = "Microsoft:Hyper-V:System:Realized";
    private const string SystemDevice = "Msvm_SystemDevice";
    private const string HeartbeatComponent = "Msvm_HeartbeatComponent";
    private const string ShutdownComponent = "Msvm_ShutdownComponent";

    private readonly FailoverCalls _calls = new(session);

    public async Task<MachineReading> ReadAsync(VirtualMachineId id, CancellationToken cancellationToken)
    {
        var answers = await service.FindServiceAsync(cancellationToken) is not null;
        // The jobs come first: one that ends between the reads leaves a machine that shows its effect, never one that hides it.
        var path = VirtualMachineReader.PathOf(id);
        var running = await ReadJobsAsync(path, cancellationToken);
        if (await machines.FindAsync(id, cancellationToken) is not { } machine)
        {
            return new MachineReading(answers, Machine: null, StartupAction: null, Jobs: [], Guest: null, TestMachines: []);
        }

        var startup = await _calls.ReadStartupAsync(id, cancellationToken);
        return new MachineReading(
            answers,
            machine,
            startup?.Action,
            running,
            machine.EnabledState == EnabledState.Running ? await ReadGuestAsync(path, machine, cancellationToken) : null,
            await ListTestMachinesAsync(id, cancellationToken))
        {
            StartupDelay = startup?.Delay,
        };
    }

    /// <summary>
    /// Reads all machines of the host: eight calls, one for each unfinished job, which names its machine, and one for each machine that a test failover made, which
    /// names its replica. Neither depends on how many machines there are.
    /// </summary>
    public async Task<IReadOnlyList<MachineReading>> ListAsync(CancellationToken cancellationToken)
    {
        var answers = await service.FindServiceAsync(cancellationToken) is not null;
        // The jobs come first, as for one machine.
        var running = await ListJobsByMachineAsync(cancellationToken);
        var all = await machines.ListAsync(cancellationToken);
        var startups = await ReadStartupsAsync(cancellationToken);
        var heartbeats = (await ListClassAsync(HeartbeatComponent, cancellationToken)).ToLookup(SystemOf);
        var shutdowns = (await ListClassAsync(ShutdownComponent, cancellationToken)).Select(SystemOf).ToHashSet();
        var tests = new List<(VirtualMachineId Replica, VirtualMachineId Test)>();
        foreach (var test in all.Where(machine => machine.ReplicationMode == ReplicationMode.TestReplica))
        {
            tests.AddRange((await ListAsync(VirtualMachineReader.PathOf(test.Id), HyperVClasses.ReplicaSystemDependency, HyperVClasses.ComputerSystem, cancellationToken))
                .Select(NameOf).OfType<VirtualMachineId>().Where(replica => replica != test.Id).Select(replica => (replica, test.Id)));
        }

        return [.. all.Select(machine => new MachineReading(
            answers,
            machine,
            startups.GetValueOrDefault(machine.Id)?.Action,
            [.. running.Where(job => job.Machine == machine.Id).Select(job => job.Job)],
            machine.EnabledState == EnabledState.Running ? GuestOf(machine, heartbeats[machine.Id].FirstOrDefault(), shutdowns.Contains(machine.Id)) : null,
            [.. tests.Where(test => test.Replica == machine.Id).Select(test => test.Test)])
        {
            StartupDelay = startups.GetValueOrDefault(machine.Id)?.Delay,
        })];
    }

    /// <summary>What the host does with each of its machines when it starts itself. Four calls; a machine without settings is left out.</summary>
    public async Task<IReadOnlyList<(VirtualMachine Machine, MachineStartup Startup)>> ListStartupsAsync(CancellationToken cancellationToken)
    {
        var all = await machines.ListAsync(cancellationToken);
        var startups = await ReadStartupsAsync(cancellationToken);
        return [.. all.Where(machine => startups.ContainsKey(machine.Id)).Select(machine => (machine, startups[machine.Id]))];
    }

    /// <summary>The machines that test failovers made of one. The association names the replica from the side of its test machine, which is none.</summary>
    public async Task<IReadOnlyList<VirtualMachineId>> ListTestMachinesAsync(VirtualMachineId id, CancellationToken cancellationToken)
        => [.. (await ListAsync(VirtualMachineReader.PathOf(id), HyperVClasses.ReplicaSystemDependency, HyperVClasses.ComputerSystem, cancellationToken))
            .Where(clone => clone.GetInteger("ReplicationMode") is null or (int)ReplicationMode.TestReplica)
            .Select(NameOf)
            .OfType<VirtualMachineId>()
            .Where(found => found != id)];

    // Checkpoints and recovery points are instances of the same class. Settings that lack what all have must not hide the others'.
    private async Task<Dictionary<VirtualMachineId, MachineStartup>> ReadStartupsAsync(CancellationToken cancellationToken)
    {
        var startups = new Dictionary<VirtualMachineId, MachineStartup>();
        foreach (var settings in await session.ListInstancesAsync(HyperVClasses.VirtualSystemSettingData, [new CimFilter("VirtualSystemType", RealizedSystem)], cancellationToken))
        {
            if (VirtualMachineId.TryParse(settings.GetString("VirtualSystemIdentifier"), out var id) && settings.GetInteger("AutomaticStartupAction") is not null)
            {
                startups.TryAdd(id, FailoverCalls.StartupOf(settings));
            }
        }

        return startups;
    }

    private async Task<IReadOnlyList<ConcreteJob>> ReadJobsAsync(CimObjectPath path, CancellationToken cancellationToken)
    {
        try
        {
            return [.. (await jobs.ListAsync(path, cancellationToken)).Where(job => !job.IsTerminal)];
        }
        catch (CimException exception) when (exception.ErrorCode == CimErrorCode.NotFound)
        {
            return [];
        }
    }

    private async Task<GuestReading> ReadGuestAsync(CimObjectPath path, VirtualMachine machine, CancellationToken cancellationToken)
    {
        var heartbeat = await ListAsync(path, SystemDevice, HeartbeatComponent, cancellationToken);
        var shutdown = await ListAsync(path, SystemDevice, ShutdownComponent, cancellationToken);
        return GuestOf(machine, heartbeat is [var component, ..] ? component : null, shutdown.Count > 0);
    }

    private static GuestReading GuestOf(VirtualMachine machine, CimInstance? heartbeat, bool canShutDown)
    {
        var statuses = heartbeat?["OperationalStatus"] as ushort[];
        return new GuestReading(statuses is [var status, ..] ? status : null, statuses is [_, var application, ..] ? application : null, machine.OnTime, canShutDown);
    }

    private static VirtualMachineId? NameOf(CimInstance system) => VirtualMachineId.TryParse(system.GetString("Name"), out var id) ? id : null;

    private static VirtualMachineId? SystemOf(CimInstance device) => VirtualMachineId.TryParse(device.GetString("SystemName"), out var id) ? id : null;

    private async Task<IReadOnlyList<(VirtualMachineId Machine, ConcreteJob Job)>> ListJobsByMachineAsync(CancellationToken cancellationToken)
    {
        var found = new List<(VirtualMachineId, ConcreteJob)>();
        foreach (var job in (await jobs.ListAsync(cancellationToken)).Where(job => !job.IsTerminal))
        {
            found.AddRange((await ListAsync(job.Path, HyperVClasses.AffectedJobElement, HyperVClasses.ComputerSystem, cancellationToken)).Select(NameOf).OfType<VirtualMachineId>().Select(machine => (machine, job)));
        }

        return found;
    }

    private async Task<IReadOnlyList<CimInstance>> ListClassAsync(string className, CancellationToken cancellationToken)
    {
        try
        {
            return await session.ListInstancesAsync(className, [], cancellationToken);
        }
        catch (CimException exception) when (exception.ErrorCode == CimErrorCode.InvalidClass)
        {
            // A host that lacks the class has none of it.
            return [];
        }
    }

    // A machine that has gone meanwhile, or a host that lacks the class, has none of it.
    private async Task<IReadOnlyList<CimInstance>> ListAsync(CimObjectPath path, string association, string result, CancellationToken cancellationToken)
    {
        try
        {
            return await session.ListAssociatorsAsync(path, association, result, cancellationToken);
        }
        catch (CimException exception) when (exception.ErrorCode is CimErrorCode.NotFound or CimErrorCode.InvalidClass)
        {
            return [];
        }
    }
}
