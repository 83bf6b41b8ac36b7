using HostAgent.Campaigns.Messages;

namespace HostAgent.Campaigns.States;

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

    private void SetLost(CampaignHost host, DateTimeOffset? deadline)
    {
        host.IsLost = deadline is not null;
        host.UnreachableInARow = host.IsLost ? host.UnreachableInARow : 0;
        foreach (var index in host.InFlightItems)
        {
            // A step over two hosts knows itself what the silence of one of them means.
            SetUnreachableDeadline(_items[index], _items[index].IsPair ? null : deadline);
        }
    }

    private void Open(CampaignHost host, BreakerOpened opened)
    {
        SetOpen(host.Circuit, opened.Unreachable, opened.Until, TimerKind.Breaker, host.Index);
        (opened.Unreachable ? host.Site.SilentHosts : host.Site.FailingHosts).Add(host.Index);
        Waiting.Refresh(host);
    }

    private void HalfOpen(CampaignHost host)
    {
        SetHalfOpen(host.Circuit, TimerKind.Breaker, host.Index);
        Waiting.Refresh(host);
    }

    private void Close(CampaignHost host)
    {
        SetClosed(host.Circuit, TimerKind.Breaker, host.Index);
        host.Failures = 0;
        host.Budget++;
        host.UnreachableInARow = 0;
        host.Site.SilentHosts.Remove(host.Index);
        host.Site.FailingHosts.Remove(host.Index);
        Waiting.Refresh(host);
    }

    private void SetOpen(CircuitBreaker circuit, bool unreachable, DateTimeOffset until, TimerKind kind, int key)
    {
        circuit.Status = BreakerStatus.Open;
        circuit.Unreachable = unreachable;
        circuit.Openings++;
        circuit.Probe = -1;
        SetUntil(circuit, until, kind, key);
    }

    private void SetHalfOpen(CircuitBreaker circuit, TimerKind kind, int key)
    {
        circuit.Status = BreakerStatus.HalfOpen;
        SetUntil(circuit, null, kind, key);
    }

    private void SetClosed(CircuitBreaker circuit, TimerKind kind, int key)
    {
        circuit.Status = BreakerStatus.Closed;
        circuit.Openings = 0;
        circuit.Probe = -1;
        SetUntil(circuit, null, kind, key);
    }

    private void SetUntil(CircuitBreaker circuit, DateTimeOffset? until, TimerKind kind, int key)
    {
        Replace(kind, key, circuit.Until, until);
        circuit.Until = until;
    }
}
