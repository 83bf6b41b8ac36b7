using HostAgent.HyperV.Cim;

namespace HostAgent.HyperV.Simulation.Engine;

/// <summary>Serves all watches of a host with one timer, which runs only while there are watches.</summary>
internal sealed class WatchPump : IDisposable
{
    private readonly Lock _gate = new();
    private readonly List<InstanceWatch> _watches = [];
    private readonly TimeProvider _time;
    private readonly Func<string, IReadOnlyList<CimInstance>> _list;
    private readonly EventDelivery _delivery;
    private readonly long _origin;
    private readonly ITimer _timer;
    private bool _closed;

    public WatchPump(TimeProvider time, Func<string, IReadOnlyList<CimInstance>> list, EventDelivery delivery)
    {
        _time = time;
        _list = list;
        _delivery = delivery;
        _origin = time.GetTimestamp();
        _timer = time.CreateTimer(_ => Poll(), state: null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    private TimeSpan Now => _time.GetElapsedTime(_origin);

    /// <summary>Starts a watch; changes from now on are reported.</summary>
    /// <exception cref="CimException">The class does not exist, or the host is closed.</exception>
    public InstanceWatch Begin(string className, TimeSpan within)
    {
        lock (_gate)
        {
            if (_closed)
            {
                throw new CimException(CimErrorCode.ShuttingDown, "The simulated host is closed.");
            }

            var watch = new InstanceWatch(className, within, _list(className), _delivery, End) { NextPoll = Now + within };
            _watches.Add(watch);
            Arm();
            return watch;
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _closed = true;
            FailAll(new CimException(CimErrorCode.ShuttingDown, "The simulated host is closed."));
        }

        _timer.Dispose();
    }

    private void End(InstanceWatch watch)
    {
        lock (_gate)
        {
            _watches.Remove(watch);
        }
    }

    private void Poll()
    {
        lock (_gate)
        {
            try
            {
                LookWhereDue();
            }
            catch (CimException exception)
            {
                FailAll(exception);
            }

            Arm();
        }
    }

    private void LookWhereDue()
    {
        var now = Now;
        var lists = new Dictionary<string, IReadOnlyList<CimInstance>>(StringComparer.OrdinalIgnoreCase);
        foreach (var watch in _watches)
        {
            if (watch.NextPoll <= now)
            {
                if (!lists.TryGetValue(watch.ClassName, out var instances))
                {
                    lists[watch.ClassName] = instances = _list(watch.ClassName);
                }

                watch.Poll(instances, now);
                watch.NextPoll = now + watch.Within;
            }
        }
    }

    private void FailAll(CimException exception)
    {
        foreach (var watch in _watches)
        {
            watch.Fail(exception);
        }

        _watches.Clear();
    }

    private void Arm()
    {
        if (_watches.Count > 0 && !_closed)
        {
            var due = _watches.Min(watch => watch.NextPoll) - Now;
            _timer.Change(due > TimeSpan.Zero ? due : TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
        }
    }
}
