using HostAgent.Campaigns.Spec;
using HostAgent.Documents;

namespace HostAgent.Campaigns.Planning;

/// <summary>
/// The highest number in flight that each limit can reach: per wave, what its hosts and then links and sites allow; then the maximum
/// over the waves. Unset limits are not listed.
/// </summary>
internal static class LimitPeaks
{
    public static IReadOnlyList<LimitPeak> Of(CampaignSpec spec, IReadOnlyList<PlannedItem> items)
    {
        var total = items.Count;
        var peaks = new Dictionary<(string Limit, string Key), int>();
        foreach (var wave in items.GroupBy(item => item.Wave))
        {
            var hosts = wave.GroupBy(item => item.Host).Select(host => (
                Item: host.First(), InFlight: Math.Min(host.Count(), Allowed(spec.Limits.Host, total)))).ToList();
            foreach (var host in hosts)
            {
                Raise("host", host.Item.Host, host.InFlight);
            }

            foreach (var tenant in hosts.GroupBy(host => host.Item.Tenant))
            {
                Raise("tenant", tenant.Key, Math.Min(tenant.Sum(host => host.InFlight), Allowed(spec.Limits.Tenant, total)));
            }

            var links = hosts.GroupBy(host => (host.Item.Site, host.Item.PrimarySite)).Select(link => (
                link.Key, InFlight: Math.Min(link.Sum(host => host.InFlight), Allowed(spec.Limits.Link, total)))).ToList();
            foreach (var link in links)
            {
                Raise("link", $"{link.Key.Site} → {link.Key.PrimarySite}", link.InFlight);
            }

            var sites = links.GroupBy(link => link.Key.Site).Select(site => (
                site.Key, InFlight: Math.Min(site.Sum(link => link.InFlight), Allowed(spec.Limits.Site, total)))).ToList();
            foreach (var site in sites)
            {
                Raise("site", site.Key, site.InFlight);
            }

            Raise("campaign", string.Empty, Math.Min(sites.Sum(site => site.InFlight), Allowed(spec.Limits.Campaign, total)));
        }

        var limits = new (string Limit, Amount? Amount)[]
        {
            ("campaign", spec.Limits.Campaign), ("site", spec.Limits.Site), ("link", spec.Limits.Link), ("tenant", spec.Limits.Tenant), ("host", spec.Limits.Host),
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
}
