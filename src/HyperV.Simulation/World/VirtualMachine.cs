using System.Globalization;
using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Replication;
using HostAgent.HyperV.Simulation.Estates;
using HostAgent.HyperV.Simulation.Plans;
using HostAgent.HyperV.VirtualMachines;

namespace HostAgent.HyperV.Simulation.World;

/// <summary>The current state of one virtual machine.</summary>
internal sealed partial class VirtualMachine
{
    public static readonly TimeSpan DefaultReplicationInterval = TimeSpan.FromMinutes(5);

    private const int RunsKept = 100;

    private readonly List<Job> _jobs = [];
    private readonly RecoveryPointHistory _points;
    private readonly string _host;
    private MachineState _state;

    public VirtualMachine(SimulatedVirtualMachineDescription description, string host, int seed, DateTimeOffset began, VirtualMachine? replica = null)
    {
        _host = host;
        Description = description;
        Replica = replica;
        _state = new MachineState
        {
            Id = description.Id,
            ReplicaId = replica?.Id,
            Began = began,
            Name = description.Name,
            Mode = description.Mode,
            ReplicationState = description.State,
            Health = description.Health,
            Power = description.Power,
            Extended = description.Extended,
            IsHere = description.Present,
            FailedOver = description.State is ReplicationState.Recovered or ReplicationState.Committed or ReplicationState.FailbackInProgress
                ? description.PeerState == ReplicationState.SyncedReplicationComplete ? ReplicationType.Planned : ReplicationType.Regular
                : ReplicationType.None,
            LastReplication = began - description.SinceLastReplication,
            ExtendedState = ReplicationState.Replicating,
            ReplicatingSince = description.State == ReplicationState.Replicating ? began : null,
        };
        _points = new RecoveryPointHistory(this, seed, began - description.SinceLastReplication);
    }

    public SimulatedVirtualMachineDescription Description { get; }

    public Guid Id => Description.Id;

    public DateTimeOffset Began => _state.Began;

    /// <summary>The replica that this machine tests; null for any other machine.</summary>
    public VirtualMachine? Replica { get; }

    /// <summary>The machine as the linked host asked for it; null for one of the estate.</summary>
    public Placeholder? Placeholder { get; init; }

    /// <summary>Whether its runs are kept, to be compared with those on another host.</summary>
    public bool RemembersRuns { get; init; }

    /// <summary>The test failover machine; null when there is none.</summary>
    public VirtualMachine? TestReplica { get; set; }

    public string Name => _state.Name;

    /// <summary>Called with the former name when the machine has another one.</summary>
    public Action<VirtualMachine, string>? Renamed { get; set; }

    public ReplicationMode Mode => _state.Mode;

    public ReplicationState ReplicationState => _state.ReplicationState;

    public ReplicationHealth Health => _state.Health;

    public ReplicationType FailedOver => _state.FailedOver;

    public EnabledState Power => _state.Power;

    public bool Extended => _state.Extended;

    /// <summary>The replication state of the extended relationship, if there is one.</summary>
    public ReplicationState ExtendedState => _state.ExtendedState!.Value;

    /// <summary>The switch that an adapter is connected to; null for none.</summary>
    public string? SwitchOf(int adapter) => (_state.Adapters ?? []).FirstOrDefault(one => one.Index == adapter) is { } changed ? changed.Switch : Description.Adapters[adapter].Switch;

    /// <summary>The VLAN of an adapter's connection; 0 when it was made untagged, null when it has no setting.</summary>
    public int? VlanOf(int adapter) => (_state.Vlans ?? []).FirstOrDefault(one => one.Index == adapter)?.Vlan ?? Description.Adapters[adapter].Vlan;

    /// <summary>An adapter's static MAC address; null for a dynamic one.</summary>
    public string? StaticMacOf(int adapter) => (_state.Macs ?? []).FirstOrDefault(one => one.Index == adapter) is { } changed ? changed.Mac : Description.Adapters[adapter].StaticMac;

    /// <summary>The failover network adapter settings, one embedded instance each.</summary>
    public IReadOnlyList<string> FailoverNetwork => _state.FailoverNetwork ?? [];

    /// <summary>The failover network adapter settings with which it last started after a failover: the guest keeps what it was given.</summary>
    public IReadOnlyList<string> AppliedNetwork => _state.AppliedNetwork ?? [];

    /// <summary>When the next scheduled job starts; null for never.</summary>
    public DateTimeOffset? ScheduledStart => _state.ScheduledStart;

    /// <summary>Clients' changes to the replication settings.</summary>
    public ChangedSettings Settings { get; } = new();

    /// <summary>The name of the authorization entry it is bound to; null for the best match for its primary.</summary>
    public string? AuthorizationEntry => _state.AuthorizationEntry;

    /// <summary>When its statistics were last reset; null for never.</summary>
    public DateTimeOffset? StatisticsSince => _state.StatisticsSince;

    /// <summary>The writes below a failover's differencing disk; null when there is none.</summary>
    public IReadOnlyList<WriteSpan>? Below => _state.Below;

    /// <summary>Whether its disks have parts of two histories.</summary>
    public bool IsMixed => _state.IsMixed;

    /// <summary>Whether its host starts it when it starts itself: as its settings say, where its replication state allows it.</summary>
    public bool StartsWithItsHost => IsHere && Power == EnabledState.Off && PowerLock.Of(this) is null
        && (StartupAction == (int)HyperV.Failover.StartupAction.Always || (StartupAction == (int)HyperV.Failover.StartupAction.RestartIfRunning && _state.RanAtPowerFailure));

    /// <summary>When it entered its present power state.</summary>
    public DateTimeOffset PowerSince => _state.PowerSince ?? Began;

    /// <summary>Whether its power state has changed since the simulation began.</summary>
    public bool HasChangedPower => _state.PowerSince is not null;

    /// <summary>The kind of the last replication.</summary>
    public ReplicationType LastType => _state.LastType ?? ReplicationType.Regular;

    /// <summary>What the host does with it when it starts: 2 nothing, 3 restart if it ran, 4 start.</summary>
    public int StartupAction => _state.StartupAction ?? (int)Description.StartupAction;

    /// <summary>How long the host waits before it starts it with itself, in host time.</summary>
    public TimeSpan StartupDelay => TimeSpan.FromSeconds(_state.StartupDelaySeconds ?? 0);

    public TimeSpan ReplicationInterval => Settings.Number("ReplicationInterval") is { } seconds ? TimeSpan.FromSeconds(seconds) : DefaultReplicationInterval;

    /// <summary>Number of recovery points kept.</summary>
    public int RecoveryHistory => Settings.Number("RecoveryHistory") ?? Description.RecoveryHistory;

    /// <summary>Hours between application-consistent recovery points; 0 for none.</summary>
    public int ApplicationConsistentHours => Settings.Number("ApplicationConsistentSnapshotInterval") ?? Description.ApplicationConsistentHours;

    /// <summary>Whether this host currently has the machine.</summary>
    public bool IsHere => _state.IsHere;

    /// <summary>Readable jobs: unfinished ones, and ended ones within their retention.</summary>
    public IReadOnlyList<Job> Jobs => _jobs;

    /// <summary>The job that blocks other operations, or null.</summary>
    public Job? BusyJob => _jobs.Find(job => !job.IsTerminal);

    /// <summary>The replication state of a relationship.</summary>
    public ReplicationState StateOf(int relationship) => relationship == ChangedSettings.ExtendedRelationship ? ExtendedState : ReplicationState;

    /// <summary>When changes last arrived; while the machine replicates, at every interval. Null for never.</summary>
    public DateTimeOffset? LastReplicationAt(DateTimeOffset now)
        => _state.ReplicatingSince is { } since && now - since >= ReplicationInterval
            ? since + (ReplicationInterval * Math.Floor((now - since) / ReplicationInterval))
            : _state.LastReplication;

    public IReadOnlyList<RecoveryPoint> RecoveryPointsAt(DateTimeOffset now)
        => Mode is ReplicationMode.Replica or ReplicationMode.ExtendedReplica && LastReplicationAt(now) is { } last ? _points.UpTo(last) : [];

    /// <summary>The writes on its disks at a moment that is not before its last change.</summary>
    public IReadOnlyList<WriteSpan> ContentAt(DateTimeOffset now)
    {
        // What it had before the simulation began: a replica only what had been sent.
        var content = _state.Content ?? [new WriteSpan(string.Empty, (Description.Mode == ReplicationMode.Primary ? Began : Began - Description.SinceLastReplication).UtcTicks)];
        return Power == EnabledState.Running
            ? content.And([new WriteSpan(NameOf(PowerSince.UtcTicks), now.UtcTicks)])
            : content;
    }

    /// <summary>The writes on the medium of its last export; null when it was not exported.</summary>
    public IReadOnlyList<WriteSpan>? Exported => _state.Exported;

    /// <summary>Whether its replication reaches the other side now.</summary>
    public bool IsFlowing => _state.ReplicatingSince is not null;

    /// <summary>When it ran, up to a moment that is not before its last change.</summary>
    public IReadOnlyList<RunSpan> RunsAt(DateTimeOffset now)
        => [.. _state.Runs ?? [], .. Power == EnabledState.Running ? [new RunSpan(PowerSince.UtcTicks, now.UtcTicks)] : Array.Empty<RunSpan>()];

    /// <summary>The name under which the writes of a run are known.</summary>
    public string NameOf(long run) => string.Create(CultureInfo.InvariantCulture, $"{_host} {run}");

    /// <summary>Everything about it that a summary of the host keeps.</summary>
    public MachineState Summarize() => _state with { PointsRemoved = _points.Removed, PlannedPoint = _points.Planned, Placeholder = Placeholder, Settings = Settings.Summarize() };

    public void Restore(MachineState state)
    {
        var former = Name;
        _state = state with { ExtendedState = state.ExtendedState ?? ReplicationState.Replicating };
        TellName(former);
        Settings.Restore(state.Settings);
        _points.Remove(state.PointsRemoved);
        _points.KeepPlanned(state.PlannedPoint);
    }

    public void Add(Job job) => _jobs.Add(job);

    public void Remove(Job job) => _jobs.Remove(job);

    private void TellName(string former)
    {
        if (Name != former)
        {
            Renamed?.Invoke(this, former);
        }
    }
}

/// <summary>Replication keeps some machines from being started.</summary>
internal static class PowerLock
{
    /// <summary>Why a machine cannot be started; null when it can.</summary>
    public static string? Of(VirtualMachine machine) => machine switch
    {
        { Mode: ReplicationMode.Primary, ReplicationState: ReplicationState.SyncedReplicationComplete } => "the machine is prepared for a planned failover and cannot be started",
        { Mode: ReplicationMode.Replica or ReplicationMode.ExtendedReplica, ReplicationState: not (ReplicationState.Recovered or ReplicationState.Committed) }
            => $"a replica in state {Numbered.Text(machine.ReplicationState)} cannot be started; it must be failed over first",
        _ => null,
    };
}
