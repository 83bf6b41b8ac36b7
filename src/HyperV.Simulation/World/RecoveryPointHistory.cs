using System.Globalization;
using HostAgent.HyperV.RecoveryPoints;
using HostAgent.HyperV.Simulation.Identifiers;

namespace HostAgent.HyperV.Simulation.World;

/// <summary>
/// The recovery points of a replica: one per full hour up to its last replication, as many as its history keeps, plus the one of a
/// planned failover, and none older than the last removal of all points. A point keeps its identifier as long as it exists.
/// </summary>
internal sealed class RecoveryPointHistory(VirtualMachine machine, int seed, DateTimeOffset firstReplication)
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private DateTimeOffset _newest;
    private IReadOnlyList<RecoveryPoint> _points = [];

    /// <summary>When all points were last removed.</summary>
    public DateTimeOffset Removed { get; private set; } = DateTimeOffset.MinValue;

    /// <summary>When the point of a planned failover was created; null when there is none.</summary>
    public DateTimeOffset? Planned { get; private set; }

    public void Remove(DateTimeOffset now)
    {
        Removed = now;
        Planned = null;
        _newest = default;
    }

    /// <summary>Adds the point of a planned failover to the history, or removes it.</summary>
    public void KeepPlanned(DateTimeOffset? time)
    {
        Planned = time;
        Redraw();
    }

    /// <summary>Call when something that determines the points has changed.</summary>
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

        // Without a history there are no points at all.
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
/// <param name="Time">The point in time.</param>
/// <param name="Type">Whether it is application-consistent.</param>
/// <param name="Parent">The next older point, or null.</param>
internal sealed record RecoveryPoint(VirtualMachine Machine, Guid Id, DateTimeOffset Time, RecoveryPointType Type, RecoveryPoint? Parent)
{
    /// <summary>The key of its Msvm_VirtualSystemSettingData.</summary>
    public string InstanceId => "Microsoft:" + CimText.Guid(Id);
}
