using System.Runtime.InteropServices;
using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.States;

namespace HostAgent.Campaigns.Rules;

/// <summary>
/// Rule 8: a host's circuit breaker opens when more of its items failed than are tolerated, or when calls to its agent failed
/// several times in a row. After a pause that grows with each opening it lets one item through as a probe. A site's breaker opens
/// when the breakers of several of its hosts did, with no success or answer from the site in between.
/// </summary>
internal static class Breakers
{
    /// <summary>How many consecutive failed calls open a host's breaker.</summary>
    private const int UnreachableInARow = 3;

    /// <summary>How many consecutive host breakers open their site's.</summary>
    private const int HostsInARow = 3;

    public static void AfterSuccess(Decision decision, CampaignHost host, Probes probes) => Close(decision, host, probes);

    public static void AfterFailure(Decision decision, CampaignHost host, Probes probes)
    {
        if (probes.Host)
        {
            Open(decision, host, host.Circuit.Unreachable, "The probe failed.");
        }
        else if (host.Breaker == BreakerStatus.Closed && decision.Spec.Tolerance.PerHost is { } perHost
            && host.Failures > Tolerance.Of(decision.State, perHost))
        {
            var tolerated = Tolerance.Of(decision.State, perHost);
            Open(decision, host, unreachable: false, $"{host.Failures} items failed on the host; {tolerated} are tolerated.");
        }

        if (probes.Site)
        {
            Open(decision, host.Site, host.Site.Circuit.Unreachable, "The probe failed.");
        }
    }

    public static void AfterFailedCall(Decision decision, CampaignHost host, Probes probes)
    {
        if (probes.Host)
        {
            Open(decision, host, host.Circuit.Unreachable, "The probe could not reach the agent.");
        }
        else if (host.Breaker == BreakerStatus.Closed && host.UnreachableInARow >= UnreachableInARow)
        {
            Open(decision, host, unreachable: true, $"The agent could not be reached {host.UnreachableInARow} times in a row.");
        }

        if (probes.Site)
        {
            Open(decision, host.Site, host.Site.Circuit.Unreachable, "The probe could not reach the agent.");
        }
    }

    /// <summary>The agent has answered: a breaker opened by missing answers is no longer justified.</summary>
    public static void AfterAnswer(Decision decision, CampaignHost host)
    {
        if (host.Circuit is { Status: BreakerStatus.Open, Unreachable: true })
        {
            decision.Emit(new BreakerHalfOpened(host.Name));
        }

        if (host.Site.Circuit is { Status: BreakerStatus.Open, Unreachable: true })
        {
            decision.Emit(new SiteBreakerHalfOpened(host.Site.Name));
        }
    }

    /// <summary>The agent has accepted a probe: enough to close a breaker that was opened by missing answers only.</summary>
    public static void AfterAcceptance(Decision decision, CampaignItem item)
    {
        var probes = Probes.Of(item);
        Close(decision, item.Host, new Probes(probes.Host && item.Host.Circuit.Unreachable, probes.Site && item.Host.Site.Circuit.Unreachable));
    }

    private static void Close(Decision decision, CampaignHost host, Probes probes)
    {
        if (probes.Host)
        {
            decision.Emit(new BreakerClosed(host.Name));
        }

        if (probes.Site)
        {
            decision.Emit(new SiteBreakerClosed(host.Site.Name));
        }
    }

    private static void Open(Decision decision, CampaignHost host, bool unreachable, string reason)
    {
        var until = decision.Now + Backoff.Pause(decision.Spec.Retry, host.Circuit.Openings + 1);
        decision.Emit(new BreakerOpened(host.Name, until, unreachable, reason));

        var site = host.Site;
        var hosts = unreachable ? site.SilentHosts : site.FailingHosts;
        if (site.Name.Length > 0 && site.Breaker == BreakerStatus.Closed && hosts.Count >= HostsInARow)
        {
            var lack = unreachable ? "an answer" : "a success";
            Open(decision, site, unreachable, $"The breakers of {hosts.Count} hosts have opened without {lack} from the site in between.");
        }
    }

    private static void Open(Decision decision, CampaignSite site, bool unreachable, string reason)
    {
        var until = decision.Now + Backoff.Pause(decision.Spec.Retry, site.Circuit.Openings + 1);
        decision.Emit(new SiteBreakerOpened(site.Name, until, unreachable, reason));
    }
}

/// <summary>Which breakers an item probes. Read this before the event that ends the item's flight, which also ends its probe.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Probes(bool Host, bool Site)
{
    public bool Any => Host || Site;

    public static Probes Of(CampaignItem item) => new(item.Host.Circuit.Probe == item.Index, item.Host.Site.Circuit.Probe == item.Index);
}
