using HostAgent.Campaigns.Spec;
using HostAgent.Documents;

namespace HostAgent.Campaigns.Planning;

/// <summary>
/// What each limit can reach in flight: per wave, what its hosts and then links and sites allow, and no more than there are items with a step
/// there, since an item is in flight at one of its steps at a time; then the maximum over the waves. Unset limits are not listed.
/// </summary>
internal static class LimitPeaks
{
    public static IReadOnlyList<LimitPeak> Of(CampaignSpec spec, IReadOnlyList<PlannedItem> items)
    {
        var total = items.Count;
        var peaks = new Dictionary<(string Limit, string Key), int>();
        foreach (var wave in items.GroupBy(item => item.Wave))
        {
            var places = new Places();
            foreach (var item in wave)
            {
                places.Add(item);
            }

            var hosts = places.Hosts.Select(host => (
                host.Key, host.Value.Step, Switches: host.Value.Step.Kind == StepKind.SwitchOver, InFlight: Math.Min(host.Value.Load.Items, Allowed(spec.Limits.Host, total)))).ToList();
            foreach (var host in hosts)
            {
                Raise("host", host.Key, host.InFlight);
            }

            foreach (var tenant in hosts.GroupBy(host => host.Step.Tenant))
            {
                Raise("tenant", tenant.Key, Least(tenant.Sum(host => host.InFlight), places.Tenants[tenant.Key], spec.Limits.Tenant));
            }

            var links = hosts.GroupBy(host => (host.Step.Site, host.Step.PrimarySite)).Select(link => (
                link.Key, InFlight: Least(link.Sum(host => host.InFlight), places.Links[link.Key], spec.Limits.Link))).ToList();
            foreach (var link in links)
            {
                Raise("link", $"{link.Key.Site} → {link.Key.PrimarySite}", link.InFlight);
            }

            var sites = links.GroupBy(link => link.Key.Site).Select(site => (
                site.Key, InFlight: Least(site.Sum(link => link.InFlight), places.Sites[site.Key], spec.Limits.Site))).ToList();
            foreach (var site in sites)
            {
                Raise("site", site.Key, site.InFlight);
            }

            Raise("switch", string.Empty, Least(hosts.Where(host => host.Switches).Sum(host => host.InFlight), places.Switching, spec.Limits.Switch));
            Raise("campaign", string.Empty, Least(sites.Sum(site => site.InFlight), places.Whole, spec.Limits.Campaign));
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

        int Least(int inFlight, Load load, Amount? limit) => Math.Min(Math.Min(inFlight, load.Items), Allowed(limit, total));

        void Raise(string limit, string key, int inFlight)
            => peaks[(limit, key)] = Math.Max(peaks.GetValueOrDefault((limit, key)), inFlight);
    }

    private static int Allowed(Amount? limit, int total) => limit?.Of(total, leastOfPercentage: 1) ?? int.MaxValue;

    /// <summary>Where the items of one wave have steps. A host has the site, link and tenant of the first step on it, as in the machine.</summary>
    private sealed class Places
    {
        private int _items;

        public Dictionary<string, (PlannedStep Step, Load Load)> Hosts { get; } = new(StringComparer.Ordinal);

        public Dictionary<(string Site, string PrimarySite), Load> Links { get; } = [];

        public Dictionary<string, Load> Sites { get; } = new(StringComparer.Ordinal);

        public Dictionary<string, Load> Tenants { get; } = new(StringComparer.Ordinal);

        public Load Whole { get; } = new();

        /// <summary>Items whose service goes down for a switch.</summary>
        public Load Switching { get; } = new();

        public void Add(PlannedItem item)
        {
            _items++;
            Whole.Count(_items);
            for (var position = 0; position < item.StepCount; position++)
            {
                var step = item.StepAt(position);
                if (!Hosts.TryGetValue(step.Host, out var host))
                {
                    Hosts.Add(step.Host, host = (step, new Load()));
                }

                host.Load.Count(_items);
                if (step.Kind == StepKind.SwitchOver)
                {
                    Switching.Count(_items);
                }

                LoadOf(Links, (host.Step.Site, host.Step.PrimarySite)).Count(_items);
                LoadOf(Sites, host.Step.Site).Count(_items);
                LoadOf(Tenants, host.Step.Tenant).Count(_items);
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

        public void Count(int item)
        {
            Items += item == _last ? 0 : 1;
            _last = item;
        }
    }
}
