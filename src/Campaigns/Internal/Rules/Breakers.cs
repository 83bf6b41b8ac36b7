using HostAgent.Campaigns.Events;
using HostAgent.Campaigns.States;

namespace HostAgent.Campaigns.Internal.Rules;

/// <summary>
/// Rule 8: a host's circuit breaker opens when more of its items failed than are tolerated, or when its agent could not be reached
/// several times in a row; after a pause that grows with each opening it lets one item through as a probe.
/// </summary>
internal static class Breakers
{
    /// <summary>How many failed calls in a row open a breaker.</summary>
    private const int UnreachableInARow = 3;

    public static void AfterFailure(Decision decision, CampaignHost host, bool wasProbe)
    {
        if (wasProbe)
        {
            Open(decision, host, host.BreakerUnreachable, "The probe failed.");
        }
        else if (host.Breaker == BreakerStatus.Closed && decision.Spec.Tolerance.PerHost is { } perHost
            && host.Failures > Tolerance.Of(decision.State, perHost))
        {
            var tolerated = Tolerance.Of(decision.State, perHost);
            Open(decision, host, unreachable: false, $"{host.Failures} items of the host have failed; {tolerated} are tolerated.");
        }
    }

    public static void AfterFailedCall(Decision decision, CampaignHost host, bool wasProbe)
    {
        if (wasProbe)
        {
            Open(decision, host, host.BreakerUnreachable, "The probe did not reach the agent.");
        }
        else if (host.Breaker == BreakerStatus.Closed && host.UnreachableInARow >= UnreachableInARow)
        {
            Open(decision, host, unreachable: true, $"The agent could not be reached {host.UnreachableInARow} times in a row.");
        }
    }

    /// <summary>The agent has answered: what opened a breaker for want of an answer is over.</summary>
    public static void AfterAnswer(Decision decision, CampaignHost host)
    {
        if (host is { Breaker: BreakerStatus.Open, BreakerUnreachable: true })
        {
            decision.Emit(new BreakerHalfOpened(host.Name));
        }
    }

    /// <summary>The agent has taken a probe: where the want of an answer was all, that is proof enough.</summary>
    public static void AfterAcceptance(Decision decision, CampaignItem item)
    {
        if (item.Host.Probe == item.Index && item.Host.BreakerUnreachable)
        {
            decision.Emit(new BreakerClosed(item.Host.Name));
        }
    }

    public static void Open(Decision decision, CampaignHost host, bool unreachable, string reason)
    {
        var until = decision.Now + Backoff.Pause(decision.Spec.Retry, host.Openings + 1);
        decision.Emit(new BreakerOpened(host.Name, until, unreachable, reason));
    }
}
