using System.Globalization;
using HostAgent.HyperV.RecoveryPoints;
using HostAgent.HyperV.Simulation.Model;

namespace HostAgent.HyperV.Simulation.World;

/// <summary>
/// The recovery points of a replica: one at every full hour up to its last replication, as many as its history keeps, that of a
/// planned failover beside them, and none from before they were all removed. A point keeps its identifier for as long as it exists.
/// </summary>
internal sealed class RecoveryPointHistory(VirtualMachine machine, int seed, DateTimeOffset firstReplication)
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private DateTimeOffset _newest;
    private IReadOnlyList<RecoveryPoint> _points = [];

    /// <summary>When all points were last removed.</summary>
    public DateTimeOffset Removed { get; private set; } = DateTimeOffset.MinValue;

    /// <summary>When the point of a planned failover was made; null when there is none.</summary>
    public DateTimeOffset? Planned { get; private set; }

    public void Remove(DateTimeOffset now)
    {
        Removed = now;
        Planned = null;
        _newest = default;
    }

    /// <summary>Keeps the point of a planned failover, beside those of the history, or lets go of it.</summary>
    public void KeepPlanned(DateTimeOffset? time)
    {
        Planned = time;
        Redraw();
    }

    /// <summary>To be called when what decides about the points has changed.</summary>
    public void Redraw() => _newest = default;

    public IReadOnlyList<RecoveryPoint> UpTo(DateTimeOffset lastReplication)
    {
        var newest = FullHour(lastReplication);
        if (newest != _newest)
        {
            _newest = newest;
            _points = Draw(newest);
        }

        return _points;
    }

    private static DateTimeOffset FullHour(DateTimeOffset time) => new(time.UtcTicks - (time.UtcTicks % Hour.Ticks), TimeSpan.Zero);

    private List<RecoveryPoint> Draw(DateTimeOffset newest)
    {
        var history = machine.RecoveryHistory;
        var every = machine.ApplicationConsistentHours;
        var points = new List<RecoveryPoint>(history);
        RecoveryPoint? parent = null;
        for (var age = history - 1; age >= 0; age--)
        {
            var time = newest - (age * Hour);
            if (time <= Removed)
            {
                continue;
            }

            var consistent = every > 0 && (long)((FullHour(firstReplication) - time) / Hour) % every == 0;
            var id = NewId("recovery point", time);
            parent = new RecoveryPoint(machine, id, time, consistent ? RecoveryPointType.ApplicationConsistent : RecoveryPointType.Standard, parent);
            points.Add(parent);
        }

        // Without a history there is no point at all.
        if (Planned is { } planned && history > 0)
        {
            points.Add(new RecoveryPoint(machine, NewId("planned failover point", planned), planned, RecoveryPointType.PlannedFailover, parent));
        }

        return points;
    }

    private Guid NewId(string what, DateTimeOffset time)
        => SeededGuid.Create(seed, what, CimText.Guid(machine.Id), time.UtcTicks.ToString(CultureInfo.InvariantCulture));
}

/// <summary>A recovery point of a replica.</summary>
/// <param name="Machine">The replica.</param>
/// <param name="Id">The point's own identifier.</param>
/// <param name="Time">The moment it keeps.</param>
/// <param name="Type">Whether the guest's applications were quiet at that moment.</param>
/// <param name="Parent">The next older point, or null.</param>
internal sealed record RecoveryPoint(VirtualMachine Machine, Guid Id, DateTimeOffset Time, RecoveryPointType Type, RecoveryPoint? Parent)
{
    /// <summary>The key of its Msvm_VirtualSystemSettingData.</summary>
    public string InstanceId => "Microsoft:" + CimText.Guid(Id);
}
