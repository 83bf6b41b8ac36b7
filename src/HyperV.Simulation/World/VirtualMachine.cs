using HostAgent.HyperV.Replication;
using HostAgent.HyperV.Simulation.Engine;
using HostAgent.HyperV.Simulation.Estates;
using HostAgent.HyperV.VirtualMachines;

namespace HostAgent.HyperV.Simulation.World;

/// <summary>The current state of one virtual machine.</summary>
internal sealed class VirtualMachine
{
    public static readonly TimeSpan DefaultReplicationInterval = TimeSpan.FromMinutes(5);

    private readonly List<Job> _jobs = [];
    private readonly RecoveryPointHistory _points;
    private DateTimeOffset? _lastReplication;
    private DateTimeOffset? _replicatingSince;

    public VirtualMachine(SimulatedVirtualMachineDescription description, int seed, DateTimeOffset began, VirtualMachine? replica = null)
    {
        Description = description;
        Began = began;
        Replica = replica;
        Name = description.Name;
        Mode = description.Mode;
        ReplicationState = description.State;
        Health = description.Health;
        Power = description.Power;
        Extended = description.Extended;
        IsHere = description.Present;
        FailedOver = description.State is ReplicationState.Recovered or ReplicationState.Committed or ReplicationState.FailbackInProgress
            ? ReplicationType.Regular
            : ReplicationType.None;
        _lastReplication = began - description.SinceLastReplication;
        _replicatingSince = description.State == ReplicationState.Replicating ? began : null;
        _points = new RecoveryPointHistory(this, seed, began - description.SinceLastReplication);
    }

    public SimulatedVirtualMachineDescription Description { get; }

    public Guid Id => Description.Id;

    public DateTimeOffset Began { get; }

    /// <summary>The replica that this machine tests; null for any other machine.</summary>
    public VirtualMachine? Replica { get; }

    /// <summary>The test failover machine; null when there is none.</summary>
    public VirtualMachine? TestReplica { get; set; }

    public string Name { get; private set; }

    public ReplicationMode Mode { get; private set; }

    public ReplicationState ReplicationState { get; private set; }

    public ReplicationHealth Health { get; private set; }

    public ReplicationType FailedOver { get; private set; }

    public EnabledState Power { get; private set; }

    public bool Extended { get; private set; }

    /// <summary>The replication state of the extended relationship, if there is one.</summary>
    public ReplicationState ExtendedState { get; private set; } = ReplicationState.Replicating;

    /// <summary>The failover network adapter settings, one embedded instance each.</summary>
    public IReadOnlyList<string> FailoverNetwork { get; private set; } = [];

    /// <summary>When the next scheduled job starts; null for never.</summary>
    public DateTimeOffset? ScheduledStart { get; private set; }

    /// <summary>Clients' changes to the replication settings.</summary>
    public ChangedSettings Settings { get; } = new();

    /// <summary>The name of the authorization entry it is bound to; null for the best match for its primary.</summary>
    public string? AuthorizationEntry { get; private set; }

    /// <summary>When its statistics were last reset; null for never.</summary>
    public DateTimeOffset? StatisticsSince { get; private set; }

    public TimeSpan ReplicationInterval => Settings.Number("ReplicationInterval") is { } seconds ? TimeSpan.FromSeconds(seconds) : DefaultReplicationInterval;

    /// <summary>Number of recovery points kept.</summary>
    public int RecoveryHistory => Settings.Number("RecoveryHistory") ?? Description.RecoveryHistory;

    /// <summary>Hours between application-consistent recovery points; 0 for none.</summary>
    public int ApplicationConsistentHours => Settings.Number("ApplicationConsistentSnapshotInterval") ?? Description.ApplicationConsistentHours;

    /// <summary>Whether this host currently has the machine.</summary>
    public bool IsHere { get; private set; }

    /// <summary>Readable jobs: unfinished ones, and ended ones within their retention.</summary>
    public IReadOnlyList<Job> Jobs => _jobs;

    /// <summary>The job that blocks other operations, or null.</summary>
    public Job? BusyJob => _jobs.Find(job => !job.IsTerminal);

    /// <summary>The replication state of a relationship.</summary>
    public ReplicationState StateOf(int relationship) => relationship == ChangedSettings.ExtendedRelationship ? ExtendedState : ReplicationState;

    /// <summary>When changes last arrived; while the machine replicates, at every interval. Null for never.</summary>
    public DateTimeOffset? LastReplicationAt(DateTimeOffset now)
        => _replicatingSince is { } since && now - since >= ReplicationInterval
            ? since + (ReplicationInterval * Math.Floor((now - since) / ReplicationInterval))
            : _lastReplication;

    public IReadOnlyList<RecoveryPoint> RecoveryPointsAt(DateTimeOffset now)
        => Mode is ReplicationMode.Replica or ReplicationMode.ExtendedReplica && LastReplicationAt(now) is { } last ? _points.UpTo(last) : [];

    public MachineSummary Summarize() => new()
    {
        Id = Id,
        ReplicaId = Replica?.Id,
        Began = Began,
        Name = Name,
        Mode = Mode,
        ReplicationState = ReplicationState,
        Health = Health,
        FailedOver = FailedOver,
        Power = Power,
        Extended = Extended,
        IsHere = IsHere,
        LastReplication = _lastReplication,
        ReplicatingSince = _replicatingSince,
        PointsRemoved = _points.Removed,
        Settings = Settings.Summarize(),
        ExtendedState = ExtendedState,
        FailoverNetwork = FailoverNetwork.Count > 0 ? FailoverNetwork : null,
        ScheduledStart = ScheduledStart,
        PlannedPoint = _points.Planned,
        AuthorizationEntry = AuthorizationEntry,
        StatisticsSince = StatisticsSince,
    };

    public void Restore(MachineSummary summary)
    {
        Name = summary.Name;
        Mode = summary.Mode;
        ReplicationState = summary.ReplicationState;
        Health = summary.Health;
        FailedOver = summary.FailedOver;
        Power = summary.Power;
        Extended = summary.Extended;
        IsHere = summary.IsHere;
        _lastReplication = summary.LastReplication;
        _replicatingSince = summary.ReplicatingSince;
        Settings.Restore(summary.Settings);
        AuthorizationEntry = summary.AuthorizationEntry;
        StatisticsSince = summary.StatisticsSince;
        ExtendedState = summary.ExtendedState ?? ReplicationState.Replicating;
        FailoverNetwork = summary.FailoverNetwork ?? [];
        ScheduledStart = summary.ScheduledStart;
        _points.Remove(summary.PointsRemoved);
        _points.KeepPlanned(summary.PlannedPoint);
    }

    public void Add(Job job) => _jobs.Add(job);

    public void Remove(Job job) => _jobs.Remove(job);

    public void Apply(MachineChange change, DateTimeOffset now)
    {
        ChangeSettings(change, now);
        if (change is { Mode: not null } or { ReplicationState: not null } or { ExtendedState: not null })
        {
            ScheduledStart = null;
        }

        if (Mode == ReplicationMode.None && change.Mode is ReplicationMode.Primary)
        {
            _lastReplication = null;
        }

        Mode = change.Mode ?? Mode;
        Power = change.Power ?? Power;
        Extended = change.Extended ?? Extended;
        Name = change.Name ?? Name;
        IsHere = change.IsHere ?? IsHere;
        FailedOver = change.FailedOver ?? FailedOver;
        AuthorizationEntry = change.AuthorizationEntry ?? AuthorizationEntry;
        ExtendedState = change.ExtendedState ?? ExtendedState;
        FailoverNetwork = change.FailoverNetwork ?? FailoverNetwork;
        ScheduledStart = change.Schedules?.At ?? ScheduledStart;
        StatisticsSince = change.ResetsStatistics ? now : StatisticsSince;
        if (change.RemovesRecoveryPoints)
        {
            _points.Remove(now);
        }

        if (change.FailedOver == ReplicationType.Planned)
        {
            _points.KeepPlanned(now);
        }

        if (change.ReplicationState is { } state)
        {
            EnterReplicationState(state, now);
        }
    }

    public void EnterReplicationState(ReplicationState state, DateTimeOffset now)
    {
        _lastReplication = LastReplicationAt(now);
        _replicatingSince = state == ReplicationState.Replicating ? now : null;
        ReplicationState = state;
        switch (state)
        {
            case ReplicationState.Critical:
                Health = ReplicationHealth.Critical;
                break;
            case ReplicationState.Recovered or ReplicationState.Committed:
                // Normal for a machine that has failed over and has not been reversed.
                Health = ReplicationHealth.Warning;
                break;
            case ReplicationState.Replicating or ReplicationState.SyncedReplicationComplete:
                Health = ReplicationHealth.Ok;
                FailedOver = ReplicationType.None;
                _points.KeepPlanned(null);
                break;
            case ReplicationState.FailbackComplete:
                // A completed resynchronisation deletes all recovery points and leaves both sides equal.
                _points.Remove(now);
                _lastReplication = now;
                Health = ReplicationHealth.Ok;
                FailedOver = ReplicationType.None;
                break;
        }
    }

    private void ChangeSettings(MachineChange change, DateTimeOffset now)
    {
        switch (change.Mode)
        {
            case ReplicationMode.None:
                Settings.Forget(ChangedSettings.PrimaryRelationship);
                break;
            case { } mode when mode != Mode:
                Settings.ReverseDirection();
                break;
        }

        if (change.Extended == false)
        {
            Settings.Forget(ChangedSettings.ExtendedRelationship);
        }

        if (change.Settings is { } settings)
        {
            // From now on changes may arrive at other times; what has already arrived stays.
            _lastReplication = LastReplicationAt(now);
            _replicatingSince = _replicatingSince is null ? null : now;
            Settings.Apply(settings);
            _points.Redraw();
        }
    }
}
