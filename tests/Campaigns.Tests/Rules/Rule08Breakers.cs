using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.Tests.Worlds;

namespace HostAgent.Campaigns.Tests.Rules;

/// <summary>
/// A host's breaker opens past the failures tolerated on it or after three failed calls in a row, a site's after three hosts in a row;
/// nothing starts while it is open, and one item at a time while it is half open.
/// </summary>
internal sealed class Rule08Breakers : RuleChecker
{
    private const int InARow = 3;

    private readonly Dictionary<string, Breaker> _hosts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Breaker> _sites = new(StringComparer.Ordinal);

    public override void Before(CampaignEvent campaignEvent)
    {
        if (Starts(campaignEvent) is { } id)
        {
            Start(id, Ledger.Item(id).Host, Host(id));
            Start(id, Ledger.Item(id).Site, Site(id));
        }

        switch (campaignEvent)
        {
            case BreakerOpened opened:
                Of(_hosts, opened.Host).Status = BreakerStatus.Open;
                var site = Of(_sites, Ledger.Plan.Items.First(item => item.Host == opened.Host).Site);
                (opened.Unreachable ? site.Silent : site.Failed).Add(opened.Host);
                break;
            case BreakerHalfOpened half:
                Of(_hosts, half.Host).HalfOpen();
                break;
            case BreakerClosed closed:
                _hosts[closed.Host] = new Breaker();
                foreach (var each in _sites.Values)
                {
                    each.Silent.Remove(closed.Host);
                    each.Failed.Remove(closed.Host);
                }

                break;
            case SiteBreakerOpened opened:
                Of(_sites, opened.Site).Status = BreakerStatus.Open;
                break;
            case SiteBreakerHalfOpened half:
                Of(_sites, half.Site).HalfOpen();
                break;
            case SiteBreakerClosed closed:
                _sites[closed.Site] = new Breaker();
                break;
            case HostFound found:
                Of(_hosts, found.Host).FailedCalls = 0;
                break;
            case ItemEvent itemEvent:
                Count(itemEvent);
                break;
        }
    }

    public override void After(Turn turn)
    {
        foreach (var (name, host) in _hosts.Where(pair => pair.Value.Status == BreakerStatus.Closed))
        {
            Must(host.FailedCalls < InARow, $"{host.FailedCalls} calls to {name} have failed in a row and its breaker is closed");
            Must(
                Ledger.Spec.Tolerance.PerHost is not { } perHost || host.Failed.Count <= perHost.Of(Ledger.Plan.Items.Count, 0),
                $"{host.Failed.Count} items of {name} have failed and its breaker is closed");
        }

        foreach (var (name, site) in _sites.Where(pair => pair.Value.Status == BreakerStatus.Closed))
        {
            Must(Math.Max(site.Failed.Count, site.Silent.Count) < InARow, $"the breakers of {InARow} hosts of {name} have opened and its own is closed");
        }
    }

    private static Breaker Of(Dictionary<string, Breaker> breakers, string name)
    {
        if (!breakers.TryGetValue(name, out var breaker))
        {
            breakers.Add(name, breaker = new Breaker());
        }

        return breaker;
    }

    private Breaker Host(string item) => Of(_hosts, Ledger.Item(item).Host);

    private Breaker Site(string item) => Of(_sites, Ledger.Item(item).Site);

    private void Start(string id, string name, Breaker breaker)
    {
        Must(breaker.Status != BreakerStatus.Open, $"{id} starts while the breaker of {name} is open");
        Must(breaker.Probe is null || !Ledger.InFlight.Contains(breaker.Probe), $"{id} starts while {breaker.Probe} probes {name}");
        breaker.Probe = breaker.Status == BreakerStatus.HalfOpen ? id : null;
    }

    private void Count(ItemEvent itemEvent)
    {
        var host = Host(itemEvent.Item);
        switch (itemEvent)
        {
            case ItemUndelivered:
                host.FailedCalls++;
                break;
            case ItemAccepted or ItemRunning:
                host.FailedCalls = 0;
                Site(itemEvent.Item).Silent.Clear();
                break;
            case ItemFailed or ItemOutcomeUnknown when !Ledger.IsUnknown(itemEvent.Item):
                host.Failed.Add(itemEvent.Item);
                break;
            case ItemSucceeded:
                host.Failed.Remove(itemEvent.Item);
                Site(itemEvent.Item).Silent.Clear();
                Site(itemEvent.Item).Failed.Clear();
                break;
            case ItemCancelled or ItemRetryRequested or ItemResolved { Succeeded: true }:
                host.Failed.Remove(itemEvent.Item);
                break;
        }
    }

    private sealed class Breaker
    {
        public BreakerStatus Status { get; set; }

        /// <summary>Items of a host, or hosts of a site.</summary>
        public HashSet<string> Failed { get; } = new(StringComparer.Ordinal);

        public HashSet<string> Silent { get; } = new(StringComparer.Ordinal);

        public int FailedCalls { get; set; }

        public string? Probe { get; set; }

        public void HalfOpen() => (Status, Probe) = (BreakerStatus.HalfOpen, null);
    }
}
