using HostAgent.Campaigns.Messages;

namespace HostAgent.Campaigns.States;

/// <content>Sites and their circuit breakers. No index tracks a site's free capacity: lanes read it when they need it.</content>
public sealed partial class CampaignState
{
    private void ApplyToSite(CampaignEvent campaignEvent)
    {
        switch (campaignEvent)
        {
            case SiteBreakerOpened opened:
                var site = _sitesByName[opened.Site];
                SetOpen(site.Circuit, opened.Unreachable, opened.Until, TimerKind.SiteBreaker, site.Index);
                break;
            case SiteBreakerHalfOpened halfOpened:
                SetHalfOpen(_sitesByName[halfOpened.Site].Circuit, TimerKind.SiteBreaker, _sitesByName[halfOpened.Site].Index);
                break;
            case SiteBreakerClosed closed:
                Close(_sitesByName[closed.Site]);
                break;
            default:
                throw Unknown(campaignEvent);
        }
    }

    private void Close(CampaignSite site)
    {
        SetClosed(site.Circuit, TimerKind.SiteBreaker, site.Index);
        site.SilentHosts.Clear();
        site.FailingHosts.Clear();
    }
}
