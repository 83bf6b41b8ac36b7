using HostAgent.Campaigns.States;

namespace HostAgent.Campaigns.Forecast;

/// <summary>The highest numbers in flight under each limit, updated whenever an item starts.</summary>
internal sealed class InFlightPeaks
{
    private readonly Dictionary<CampaignHost, int> _hosts = [];
    private readonly Dictionary<CampaignSite, int> _sites = [];
    private readonly Dictionary<LimitGroup, int> _links = [];
    private readonly Dictionary<LimitGroup, int> _tenants = [];
    private readonly Dictionary<LimitGroup, int> _switches = [];
    private int _campaign;

    public void Note(CampaignState state, CampaignItem item)
    {
        _campaign = Math.Max(_campaign, state.InFlight);
        Raise(_hosts, item.Host, item.Host.Load);
        Raise(_sites, item.Host.Site, item.Host.Site.Load);
        if (item.Peer is { } peer)
        {
            Raise(_hosts, peer, peer.Load);
            Raise(_sites, peer.Site, peer.Site.Load);
        }

        if (item.StepKind == Planning.StepKind.SwitchOver)
        {
            Raise(_switches, state.Switches, state.Switches.InFlight);
        }

        var lane = WaitingIndex.QueueOf(item).Lane;
        Raise(_links, lane.Link, lane.Link.InFlight);
        Raise(_tenants, lane.Tenant, lane.Tenant.InFlight);
    }

    /// <summary>The limits set by the document, widest first.</summary>
    public IReadOnlyList<ForecastLimit> Of(CampaignState state)
    {
        var limits = new List<ForecastLimit>();
        Add(limits, "campaign", new Dictionary<LimitGroup, int> { [state.Whole] = _campaign }, group => group.Limit);
        Add(limits, "site", _sites, group => group.Limit);
        Add(limits, "link", _links, group => group.Limit);
        Add(limits, "tenant", _tenants, group => group.Limit);
        Add(limits, "host", _hosts, host => host.Limit);
        Add(limits, "switch", _switches, group => group.Limit);
        return limits;
    }

    private static void Raise<TKey>(Dictionary<TKey, int> peaks, TKey key, int inFlight)
        where TKey : class
        => peaks[key] = Math.Max(peaks.GetValueOrDefault(key), inFlight);

    private static void Add<TKey>(List<ForecastLimit> limits, string name, Dictionary<TKey, int> peaks, Func<TKey, int> limitOf)
        where TKey : class
    {
        if (peaks.Count > 0 && limitOf(peaks.First().Key) is var allowed and < int.MaxValue)
        {
            limits.Add(new ForecastLimit(name, allowed, peaks.Values.Max(), peaks.Count, peaks.Count(peak => peak.Value >= limitOf(peak.Key))));
        }
    }
}
