using HostAgent.HyperV.Replication;
using HostAgent.HyperV.Simulation.Plans;
using HostAgent.HyperV.VirtualMachines;

namespace HostAgent.HyperV.Simulation.World;

/// <content>How a machine changes.</content>
internal sealed partial class VirtualMachine
{
    public void Apply(MachineChange change, DateTimeOffset now)
    {
        ChangeSettings(change, now);
        ChangeContent(change, now);
        var former = Name;
        var scheduled = change is { Mode: not null } or { ReplicationState: not null } or { ExtendedState: not null } ? null : ScheduledStart;
        _state = _state with
        {
            LastReplication = Mode == ReplicationMode.None && change.Mode is ReplicationMode.Primary ? null : _state.LastReplication,
            Mode = change.Mode ?? Mode,
            Power = change.Power ?? Power,
            Extended = change.Extended ?? Extended,
            Name = change.Name ?? Name,
            IsHere = change.IsHere ?? IsHere,
            FailedOver = change.FailedOver ?? FailedOver,
            AuthorizationEntry = change.AuthorizationEntry ?? AuthorizationEntry,
            ExtendedState = change.ExtendedState ?? ExtendedState,
            FailoverNetwork = change.FailoverNetwork ?? _state.FailoverNetwork,
            ScheduledStart = change.Schedules?.At ?? scheduled,
            StatisticsSince = change.ResetsStatistics ? now : StatisticsSince,
            StartupAction = change.StartupAction ?? _state.StartupAction,
            StartupDelaySeconds = change.StartupDelaySeconds ?? _state.StartupDelaySeconds,
            Adapters = change.Adapter is { } adapter ? [.. (_state.Adapters ?? []).Where(one => one.Index != adapter.Index), adapter] : _state.Adapters,
            Vlans = change.AdapterVlan is { } vlan ? [.. (_state.Vlans ?? []).Where(one => one.Index != vlan.Index), vlan] : _state.Vlans,
            Macs = change.AdapterMac is { } mac ? [.. (_state.Macs ?? []).Where(one => one.Index != mac.Index), mac] : _state.Macs,
        };
        TellName(former);
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

        if (change.Exports)
        {
            _state = _state with { Exported = ContentAt(now) };
        }

        if (change.Flows is { } flows)
        {
            _state = _state with
            {
                LastReplication = LastReplicationAt(now),
                ReplicatingSince = flows ? now : null,
                Health = flows ? ReplicationHealth.Ok : ReplicationHealth.Warning,
            };
        }
    }

    /// <summary>
    /// Its host loses its power. What it wrote stays; a primary that ran, or a copy that was sent, has lost the record of what must still be sent and must be
    /// resynchronized.
    /// </summary>
    public void LosePower(DateTimeOffset now)
    {
        var ran = Power is not (EnabledState.Off or EnabledState.Saved);
        var state = (Mode, ReplicationState) switch
        {
            (ReplicationMode.Primary, ReplicationState.Replicating) when ran => ReplicationState.WaitingForStartResynchronize,
            (ReplicationMode.Primary, ReplicationState.Resynchronizing or ReplicationState.WaitingToCompleteInitialReplication) => ReplicationState.WaitingForStartResynchronize,
            _ => (ReplicationState?)null,
        };
        Apply(new MachineChange { Power = ran ? EnabledState.Off : null, ReplicationState = state }, now);
        _state = _state with { RanAtPowerFailure = ran };
    }

    public void EnterReplicationState(ReplicationState state, DateTimeOffset now)
    {
        _state = _state with
        {
            LastReplication = LastReplicationAt(now),
            ReplicatingSince = state == ReplicationState.Replicating ? now : null,
            ReplicationState = state,
        };
        switch (state)
        {
            case ReplicationState.Critical:
                _state = _state with { Health = ReplicationHealth.Critical };
                break;
            case ReplicationState.Recovered or ReplicationState.Committed:
                // Normal for a machine that has failed over and has not been reversed.
                _state = _state with { Health = ReplicationHealth.Warning };
                break;
            case ReplicationState.Replicating or ReplicationState.SyncedReplicationComplete:
                _state = _state with { Health = ReplicationHealth.Ok, FailedOver = ReplicationType.None };
                _points.KeepPlanned(null);
                break;
            case ReplicationState.FailbackComplete:
                // A completed resynchronisation deletes all recovery points and leaves both sides equal.
                _points.Remove(now);
                _state = _state with { LastReplication = now, Health = ReplicationHealth.Ok, FailedOver = ReplicationType.None };
                break;
        }
    }

    private void ChangeContent(MachineChange change, DateTimeOffset now)
    {
        if (change.Power is { } power && power != Power)
        {
            // The guest takes them when it starts as the replica that was failed over.
            if (power == EnabledState.Running && Mode is ReplicationMode.Replica or ReplicationMode.ExtendedReplica)
            {
                _state = _state with { AppliedNetwork = _state.FailoverNetwork };
            }

            _state = _state with
            {
                Content = Power == EnabledState.Running ? ContentAt(now) : _state.Content,
                Runs = RemembersRuns && Power == EnabledState.Running ? [.. RunsAt(now).TakeLast(RunsKept)] : _state.Runs,
                PowerSince = now,
            };
        }

        _state = _state with { Content = change.Content ?? _state.Content, IsMixed = change.IsMixed ?? _state.IsMixed };
        if (change.Received is { } received)
        {
            _state = _state with { LastType = received, LastReplication = now, ReplicatingSince = _state.ReplicatingSince is null ? null : now };
        }

        switch (change.ReplicationState)
        {
            case ReplicationState.Recovered when ReplicationState == ReplicationState.RecoveryInProgress:
                _state = _state with { Below = ContentAt(now) };
                break;
            // A failover that is undone takes what was written since with it; one that is reversed keeps it.
            case ReplicationState.Replicating when Below is { } below && change.Mode is null && Mode is ReplicationMode.Replica or ReplicationMode.ExtendedReplica:
                _state = _state with { Content = below, Below = null };
                break;
            case ReplicationState.Replicating or ReplicationState.Ready or ReplicationState.Committed:
                _state = _state with { Below = null };
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
            _state = _state with { LastReplication = LastReplicationAt(now), ReplicatingSince = _state.ReplicatingSince is null ? null : now };
            Settings.Apply(settings);
            _points.Redraw();
        }
    }
}
