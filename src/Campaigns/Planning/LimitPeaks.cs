using HostAgent.Campaigns.Spec;
using HostAgent.Documents;

namespace HostAgent.Campaigns.Planning;

/// <summary>
/// What each limit can reach in flight: per wave, what its hosts and then links and sites allow, and no more than there are items with a step
/// there, since an item is in flight at one of its steps at a time; then the maximum over the waves, which pairs share until their switch. Unset limits are not listed. A pair counts at both its
/// hosts in either step, so what its sources allow and what its destinations allow each bound it.
/// </summary>
internal static class LimitPeaks
{
    public static IReadOnlyList<LimitPeak> Of(CampaignSpec spec, IReadOnlyList<PlannedItem> items)
    {
        var total = items.Count;
        var peaks = new Dictionary<(string Limit, string Key), int>();

        // Machines of every wave are brought in step at once; only the wave that runs takes services down. Where others are in flight beside them, those of all waves are
        // counted, which may be more than there can be.
        var hasPairs = items.Any(item => item.StepAt(0).Kind == StepKind.Synchronize);
        foreach (var wave in items.GroupBy(item => hasPairs ? -1 : item.Wave))
        {
            var places = new Places();
            foreach (var item in wave)
            {
                places.Add(item);
            }

            var hosts = places.Hosts.ToDictionary(host => host.Key, host => (host.Value.Site, InFlight: Math.Min(host.Value.Load.Items, Allowed(spec.Limits.Host, total))), StringComparer.Ordinal);
            foreach (var (name, host) in hosts)
            {
                Raise("host", name, host.InFlight);
            }

            foreach (var (name, tenant) in places.Tenants)
            {
                Raise("tenant", name, Least(tenant, spec.Limits.Tenant));
            }

            foreach (var (ends, link) in places.Links)
            {
                Raise("link", $"{ends.Site} → {ends.PrimarySite}", Least(link, spec.Limits.Link));
            }

            foreach (var (name, site) in places.Sites)
            {
                Raise("site", name, Math.Min(Least(site, spec.Limits.Site), site.Links.Sum(link => Least(places.Links[link], spec.Limits.Link))));
            }

            foreach (var switching in places.Switching.Values)
            {
                Raise("switch", string.Empty, Least(switching, spec.Limits.Switch));
            }

            Raise("campaign", string.Empty, Math.Min(Least(places.Whole, spec.Limits.Campaign), Math.Min(InSites(places.Whole.First), InSites(places.Whole.Last))));

            // What the hosts of its items allow, on whichever end of pairs allows less.
            int Least(Load load, Amount? limit)
                => Math.Min(Math.Min(load.Items, Allowed(limit, total)), Math.Min(load.First.Sum(host => hosts[host].InFlight), load.Last.Sum(host => hosts[host].InFlight)));

            int InSites(IEnumerable<string> ends) => ends.Select(host => hosts[host].Site).Distinct(StringComparer.Ordinal).Sum(site => Math.Min(
                Least(places.Sites[site], spec.Limits.Site), places.Sites[site].Links.Sum(link => Least(places.Links[link], spec.Limits.Link))));
        }

        var limits = new (string Limit, Amount? Amount)[]
        {
            ("campaign", spec.Limits.Campaign), ("site", spec.Limits.Site), ("link", spec.Limits.Link), ("tenant", spec.Limits.Tenant), ("host", spec.Limits.Host),
            ("switch", peaks.Any(peak => peak.Key.Limit == "switch" && peak.Value > 0) ? spec.Limits.Switch : null),
        };
        return [.. limits
            .Where(limit => limit.Amount is not null)
            .SelectMany(limit => peaks
                .Where(peak => peak.Key.Limit == limit.Limit)
                .OrderBy(peak => peak.Key.Key, StringComparer.OrdinalIgnoreCase)
                .Select(peak => new LimitPeak(limit.Limit, peak.Key.Key, Allowed(limit.Amount, total), peak.Value)))];

        void Raise(string limit, string key, int inFlight)
            => peaks[(limit, key)] = Math.Max(peaks.GetValueOrDefault((limit, key)), inFlight);
    }

    private static int Allowed(Amount? limit, int total) => limit?.Of(total, leastOfPercentage: 1) ?? int.MaxValue;

    /// <summary>Where the items of one wave have steps. A host has the site of the first step on it, as in the machine.</summary>
    private sealed class Places
    {
        private int _items;

        public Dictionary<string, (string Site, Load Load)> Hosts { get; } = new(StringComparer.Ordinal);

        public Dictionary<(string Site, string PrimarySite), Load> Links { get; } = [];

        public Dictionary<string, Load> Sites { get; } = new(StringComparer.Ordinal);

        public Dictionary<string, Load> Tenants { get; } = new(StringComparer.Ordinal);

        public Load Whole { get; } = new();

        /// <summary>Items whose service goes down for a switch, by wave.</summary>
        public Dictionary<int, Load> Switching { get; } = [];

        public void Add(PlannedItem item)
        {
            _items++;
            for (var position = 0; position < item.StepCount; position++)
            {
                var step = item.StepAt(position);
                if (!Hosts.TryGetValue(step.Host, out var host))
                {
                    Hosts.Add(step.Host, host = (step.Site, new Load()));
                }

                // A step of a pair is in flight at both its hosts, any other at its own.
                var isPair = step.Kind != StepKind.InitiateFailback && item.StepCount > 1;
                var ends = isPair ? item.StepAt(0) : step;
                var (first, last, link) = (ends.Host, isPair ? item.StepAt(1).Host : step.Host, (ends.Site, ends.PrimarySite));
                host.Load.Count(_items, first, last, link);
                Whole.Count(_items, first, last, link);
                LoadOf(Links, link).Count(_items, first, last, link);
                LoadOf(Sites, host.Site).Count(_items, first, last, link);
                LoadOf(Tenants, step.Tenant).Count(_items, first, last, link);
                if (step.Kind == StepKind.SwitchOver)
                {
                    LoadOf(Switching, item.Wave).Count(_items, first, last, link);
                }
            }
        }

        private static Load LoadOf<TKey>(Dictionary<TKey, Load> loads, TKey key)
            where TKey : notnull
        {
            if (!loads.TryGetValue(key, out var load))
            {
                loads.Add(key, load = new Load());
            }

            return load;
        }
    }

    /// <summary>How many items have a step in one place. Several steps of one item are counted once, because they come one after the other.</summary>
    private sealed class Load
    {
        private int _last;

        public int Items { get; private set; }

        /// <summary>The hosts of their steps; of pairs, the sources.</summary>
        public HashSet<string> First { get; } = new(StringComparer.Ordinal);

        /// <summary>The hosts of their steps; of pairs, the destinations.</summary>
        public HashSet<string> Last { get; } = new(StringComparer.Ordinal);

        /// <summary>The links that they use.</summary>
        public HashSet<(string Site, string PrimarySite)> Links { get; } = [];

        public void Count(int item, string first, string last, (string Site, string PrimarySite) link)
        {
            Items += item == _last ? 0 : 1;
            _last = item;
            First.Add(first);
            Last.Add(last);
            Links.Add(link);
        }
    }
}
