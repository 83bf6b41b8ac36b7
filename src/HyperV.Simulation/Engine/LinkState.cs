using HostAgent.HyperV.Simulation.Estates;
using HostAgent.HyperV.Simulation.World;

namespace HostAgent.HyperV.Simulation.Engine;

/// <summary>Which ways of a link are open: a pure function of its windows, of what was done by hand, and of the time.</summary>
internal sealed class LinkState(IReadOnlyList<LinkWindow> windows)
{
    private readonly long?[] _cutSince = [null, null];

    /// <summary>The windows of a link that begins now. Times of the estate are host time.</summary>
    public static IReadOnlyList<LinkWindow> WindowsOf(SimulatedLinkDescription link, string first, long began, double speed)
        => [.. link.Cuts.Select(cut =>
        {
            var from = began + (long)(cut.After.Ticks / speed);
            var toFirst = cut.Towards is null || string.Equals(cut.Towards, first, StringComparison.OrdinalIgnoreCase);
            return new LinkWindow(from, cut.For is { } time ? from + (long)(time.Ticks / speed) : long.MaxValue, toFirst, cut.Towards is null || !toFirst);
        })];

    public void Apply(LinkChanged changed)
    {
        _cutSince[0] = changed.CutToFirst ? _cutSince[0] ?? changed.Time.UtcTicks : null;
        _cutSince[1] = changed.CutToSecond ? _cutSince[1] ?? changed.Time.UtcTicks : null;
    }

    /// <summary>Since when nothing reaches a host, by hand or by itself; null when it is reached.</summary>
    /// <param name="host">0 for the first host, 1 for the second.</param>
    /// <param name="at">The time.</param>
    public long? ClosedSince(int host, long at)
    {
        var since = windows.Where(window => (host == 0 ? window.ToFirst : window.ToSecond) && window.From <= at && at < window.Until).Select(window => (long?)window.From).Min();
        return _cutSince[host] is { } cut && !(since < cut) ? cut : since;
    }

    /// <summary>When a window opens or ends next; the maximum for never.</summary>
    public long NextChange(long after) => windows.SelectMany(window => new[] { window.From, window.Until }).Where(at => at > after).DefaultIfEmpty(long.MaxValue).Min();
}
