using System.Runtime.InteropServices;

namespace HostAgent.Campaigns.Forecast;

/// <summary>
/// The failbacks running on one link. While they need more than its bandwidth, all slow down by the same factor. A virtual clock
/// that runs slower by that factor gives the time at which each ends at full speed: a start or an end costs O(log running).
/// </summary>
/// <param name="bandwidth">Bytes per second; may be infinite.</param>
internal sealed class VirtualLink(double bandwidth)
{
    private readonly SortedSet<Transfer> _transfers = [];
    private double _now;
    private double _clock;
    private double _demand;

    public bool WasFull { get; private set; }

    /// <summary>When the next failback ends if nothing else starts, in seconds; infinite when none is running.</summary>
    public double NextEnd => _transfers.Count == 0 ? double.PositiveInfinity : _now + ((_transfers.Min.End - _clock) / Speed);

    private double Speed => _demand <= bandwidth ? 1 : bandwidth / _demand;

    /// <summary>Starts a failback.</summary>
    /// <param name="step">The step's number.</param>
    /// <param name="seconds">How long it takes at full speed.</param>
    /// <param name="rate">The bandwidth it needs at full speed, in bytes per second.</param>
    /// <param name="now">The time in seconds, not before that of the previous call.</param>
    public void Begin(int step, double seconds, double rate, double now)
    {
        _clock += (now - _now) * Speed;
        _now = now;
        _transfers.Add(new Transfer(_clock + seconds, step, rate));
        _demand += rate;
        WasFull |= _demand > bandwidth;
    }

    /// <summary>Ends the failback due at <see cref="NextEnd"/>.</summary>
    /// <returns>The step's number.</returns>
    public int End()
    {
        var next = _transfers.Min;
        _now = NextEnd;
        _clock = next.End;
        _transfers.Remove(next);

        // Floating-point sums drift; an empty link has no demand.
        _demand = _transfers.Count == 0 ? 0 : _demand - next.Rate;
        return next.Step;
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Transfer(double End, int Step, double Rate) : IComparable<Transfer>
    {
        public int CompareTo(Transfer other)
        {
            var byEnd = End.CompareTo(other.End);
            return byEnd != 0 ? byEnd : Step.CompareTo(other.Step);
        }
    }
}
