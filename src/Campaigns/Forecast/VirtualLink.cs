using System.Runtime.InteropServices;

namespace HostAgent.Campaigns.Forecast;

/// <summary>
/// The failbacks under way on one link. While they want more than it carries, all of them are slowed down alike. A clock of its own,
/// which runs slower then, says when each would end at full speed: a start or an end costs O(log of those under way).
/// </summary>
/// <param name="bandwidth">Bytes a second; may be infinite.</param>
internal sealed class VirtualLink(double bandwidth)
{
    private readonly SortedSet<Transfer> _transfers = [];
    private double _now;
    private double _clock;
    private double _demand;

    /// <summary>Whether it ever slowed anything down.</summary>
    public bool WasFull { get; private set; }

    /// <summary>When the next failback ends if nothing else starts, in seconds; infinite when none is under way.</summary>
    public double NextEnd => _transfers.Count == 0 ? double.PositiveInfinity : _now + ((_transfers.Min.End - _clock) / Speed);

    private double Speed => _demand <= bandwidth ? 1 : bandwidth / _demand;

    /// <summary>Begins a failback.</summary>
    /// <param name="item">The item's position.</param>
    /// <param name="seconds">How long it takes at full speed.</param>
    /// <param name="rate">What it wants of the link, in bytes a second.</param>
    /// <param name="now">The time in seconds, not before that of the last call.</param>
    public void Begin(int item, double seconds, double rate, double now)
    {
        _clock += (now - _now) * Speed;
        _now = now;
        _transfers.Add(new Transfer(_clock + seconds, item, rate));
        _demand += rate;
        WasFull |= _demand > bandwidth;
    }

    /// <summary>Ends the failback that <see cref="NextEnd"/> is about.</summary>
    /// <returns>The item's position.</returns>
    public int End()
    {
        var next = _transfers.Min;
        _now = NextEnd;
        _clock = next.End;
        _transfers.Remove(next);

        // Sums of fractions drift; nothing under way wants nothing.
        _demand = _transfers.Count == 0 ? 0 : _demand - next.Rate;
        return next.Item;
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Transfer(double End, int Item, double Rate) : IComparable<Transfer>
    {
        public int CompareTo(Transfer other)
        {
            var byEnd = End.CompareTo(other.End);
            return byEnd != 0 ? byEnd : Item.CompareTo(other.Item);
        }
    }
}
