using HostAgent.Campaigns.Events;
using HostAgent.Campaigns.Internal;
using HostAgent.Campaigns.States;

namespace HostAgent.Campaigns;

/// <content>Hosts and their circuit breakers.</content>
public sealed partial class CampaignState
{
    private void ApplyToHost(CampaignEvent campaignEvent)
    {
        switch (campaignEvent)
        {
            case HostLost lost:
                SetLost(_hostsByName[lost.Host], lost.At + Spec!.Timeouts.Unreachable);
                break;
            case HostFound found:
                SetLost(_hostsByName[found.Host], null);
                break;
            case BreakerOpened opened:
                Open(_hostsByName[opened.Host], opened);
                break;
            case BreakerHalfOpened halfOpened:
                HalfOpen(_hostsByName[halfOpened.Host]);
                break;
            case BreakerClosed closed:
                Close(_hostsByName[closed.Host]);
                break;
            default:
                throw Unknown(campaignEvent);
        }
    }

    private void SetLost(CampaignHost host, DateTimeOffset? patience)
    {
        host.IsLost = patience is not null;
        host.UnreachableInARow = host.IsLost ? host.UnreachableInARow : 0;
        foreach (var index in host.InFlightItems)
        {
            SetUnreachableDeadline(_items[index], patience);
        }
    }

    private void Open(CampaignHost host, BreakerOpened opened)
    {
        host.Breaker = BreakerStatus.Open;
        host.BreakerUnreachable = opened.Unreachable;
        host.Openings++;
        host.Probe = -1;
        SetBreakerUntil(host, opened.Until);
        Waiting.Refresh(host);
    }

    private void HalfOpen(CampaignHost host)
    {
        host.Breaker = BreakerStatus.HalfOpen;
        SetBreakerUntil(host, null);
        Waiting.Refresh(host);
    }

    private void Close(CampaignHost host)
    {
        host.Breaker = BreakerStatus.Closed;
        host.Openings = 0;
        host.Probe = -1;
        host.Failures = 0;
        host.Budget++;
        host.UnreachableInARow = 0;
        SetBreakerUntil(host, null);
        Waiting.Refresh(host);
    }

    private void SetBreakerUntil(CampaignHost host, DateTimeOffset? until)
    {
        Replace(TimerKind.Breaker, host.Index, host.BreakerUntil, until);
        host.BreakerUntil = until;
    }
}
