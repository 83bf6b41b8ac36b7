using HostAgent.Campaigns.Planning;

namespace HostAgent.Campaigns.Forecast;

/// <summary>What is the same in every run of a forecast: the host and link of each item, and their limits.</summary>
internal sealed class VirtualEstate
{
    /// <summary>The index of each item's host, by the item's index in the plan.</summary>
    public required IReadOnlyList<int> HostOf { get; init; }

    /// <summary>The index of each item's link, by the item's index in the plan.</summary>
    public required IReadOnlyList<int> LinkOf { get; init; }

    /// <summary>How many failbacks each host's agent runs at once; <see cref="int.MaxValue"/> when unknown.</summary>
    public required IReadOnlyList<int> AgentLimits { get; init; }

    /// <summary>The bandwidth of each link, in bytes per second; infinite without an assumption.</summary>
    public required IReadOnlyList<double> Bandwidths { get; init; }

    public static VirtualEstate Of(IReadOnlyList<PlannedItem> items, ForecastRequest request)
    {
        var hosts = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        var links = new Dictionary<(string Site, string PrimarySite), int>();
        var (hostOf, linkOf) = (new int[items.Count], new int[items.Count]);
        var (agentLimits, bandwidths) = (new List<int>(), new List<double>());
        for (var index = 0; index < items.Count; index++)
        {
            var item = items[index];
            if (!hosts.TryGetValue(item.Host, out hostOf[index]))
            {
                hosts.Add(item.Host, hostOf[index] = agentLimits.Count);
                agentLimits.Add(request.AgentLimits.TryGetValue(item.Host, out var limit) ? limit : int.MaxValue);
            }

            if (!links.TryGetValue((item.Site, item.PrimarySite), out linkOf[index]))
            {
                links.Add((item.Site, item.PrimarySite), linkOf[index] = bandwidths.Count);
                bandwidths.Add(BandwidthOf(item, request.Assumptions.Links));
            }
        }

        return new VirtualEstate { HostOf = hostOf, LinkOf = linkOf, AgentLimits = agentLimits, Bandwidths = bandwidths };
    }

    public VirtualEstate WithAgentLimitsDoubled() => Copy([.. AgentLimits.Select(limit => limit > int.MaxValue / 2 ? limit : limit * 2)], Bandwidths);

    public VirtualEstate WithBandwidthDoubled() => Copy(AgentLimits, [.. Bandwidths.Select(bandwidth => bandwidth * 2)]);

    private VirtualEstate Copy(IReadOnlyList<int> agentLimits, IReadOnlyList<double> bandwidths)
        => new() { HostOf = HostOf, LinkOf = LinkOf, AgentLimits = agentLimits, Bandwidths = bandwidths };

    private static double BandwidthOf(PlannedItem item, IReadOnlyList<LinkBandwidth> links)
    {
        var own = links.FirstOrDefault(link => Same(link.Site, item.Site) && Same(link.PrimarySite, item.PrimarySite))
            ?? links.FirstOrDefault(link => link.Site.Length == 0 && link.PrimarySite.Length == 0);
        return own?.BytesPerSecond ?? double.PositiveInfinity;
    }

    private static bool Same(string left, string right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);
}
