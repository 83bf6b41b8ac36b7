using System.Threading.Channels;
using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Simulation.Faults;

namespace HostAgent.HyperV.Simulation.Engine;

/// <summary>One subscription: compares a class with its previous state and reports the differences.</summary>
internal sealed class InstanceWatch : IDisposable
{
    private const int Capacity = 4096;

    // Changes continuously. A real provider reports state changes only, and so does this one.
    private static readonly HashSet<string> NotCompared = new(["ElapsedTime"], StringComparer.OrdinalIgnoreCase);

    // A slow reader loses the oldest events, as with WMI's own event queue.
    private readonly Channel<CimInstanceEvent> _events = Channel.CreateBounded<CimInstanceEvent>(
        new BoundedChannelOptions(Capacity) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    private readonly Action<InstanceWatch> _end;
    private readonly EventDelivery _delivery;
    private readonly Queue<(TimeSpan Due, CimInstanceEvent Change)> _late = new();
    private long _number;
    private Dictionary<string, CimInstance> _last;

    public InstanceWatch(string className, TimeSpan within, IReadOnlyList<CimInstance> first, EventDelivery delivery, Action<InstanceWatch> end)
    {
        ClassName = className;
        Within = within;
        _last = ByPath(first);
        _delivery = delivery;
        _end = end;
    }

    public string ClassName { get; }

    public TimeSpan Within { get; }

    /// <summary>When to poll next, in ticks of the pump.</summary>
    public TimeSpan NextPoll { get; set; }

    public ChannelReader<CimInstanceEvent> Events => _events.Reader;

    /// <summary>Reports what has changed since the last poll.</summary>
    public void Poll(IReadOnlyList<CimInstance> instances, TimeSpan time)
    {
        while (_late.TryPeek(out var late) && late.Due <= time)
        {
            _events.Writer.TryWrite(_late.Dequeue().Change);
        }

        var now = ByPath(instances);
        foreach (var (path, instance) in now)
        {
            if (!_last.TryGetValue(path, out var before))
            {
                Report(CimInstanceEventKind.Created, instance, time);
            }
            else if (Differ(before, instance))
            {
                Report(CimInstanceEventKind.Modified, instance, time);
            }
        }

        foreach (var (path, instance) in _last)
        {
            if (!now.ContainsKey(path))
            {
                Report(CimInstanceEventKind.Deleted, instance, time);
            }
        }

        _last = now;
    }

    public void Fail(Exception exception) => _events.Writer.TryComplete(exception);

    public void Dispose() => _end(this);

    private void Report(CimInstanceEventKind kind, CimInstance instance, TimeSpan time)
    {
        if (_delivery.Loses(_number++))
        {
            return;
        }

        var change = new CimInstanceEvent(kind, instance);
        if (_delivery.Late > TimeSpan.Zero)
        {
            _late.Enqueue((time + _delivery.Late, change));
        }
        else
        {
            _events.Writer.TryWrite(change);
        }
    }

    private static Dictionary<string, CimInstance> ByPath(IReadOnlyList<CimInstance> instances)
    {
        var byPath = new Dictionary<string, CimInstance>(instances.Count, StringComparer.OrdinalIgnoreCase);
        foreach (var instance in instances)
        {
            byPath[instance.Path!.ToString()] = instance;
        }

        return byPath;
    }

    private static bool Differ(CimInstance a, CimInstance b)
        => a.Properties.Any(property => !NotCompared.Contains(property.Key) && !Same(property.Value, b[property.Key]));

    private static bool Same(object? a, object? b) => (a, b) switch
    {
        (ushort[] x, ushort[] y) => x.AsSpan().SequenceEqual(y),
        (string[] x, string[] y) => x.AsSpan().SequenceEqual(y),
        (CimInstance x, CimInstance y) => !Differ(x, y),
        _ => Equals(a, b),
    };
}

/// <summary>Which events of a watch arrive, and how late.</summary>
/// <param name="LostShare">The share of events that is lost, 0 to 1.</param>
/// <param name="Late">The delay of the others.</param>
internal sealed record EventDelivery(double LostShare, TimeSpan Late)
{
    public static EventDelivery Of(IReadOnlyList<Fault> faults) => new(
        faults.OfType<EventsLostFault>().FirstOrDefault() is { } lost ? lost.Percent / 100 : 0,
        faults.OfType<EventsLateFault>().FirstOrDefault()?.Delay ?? TimeSpan.Zero);

    /// <summary>Whether the event with this number, from 0, is lost. Losses are evenly spread, so that a run is repeatable.</summary>
    public bool Loses(long number) => Math.Floor((number + 1) * LostShare) > Math.Floor(number * LostShare);
}
