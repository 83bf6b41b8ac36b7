using HostAgent.Campaigns.Messages;

namespace HostAgent.Campaigns.States;

/// <content>The fold: one method per event, no clock, no randomness, no decision.</content>
public sealed partial class CampaignState
{
    internal void Apply(CampaignEvent campaignEvent)
    {
        if (Spec is null && campaignEvent is not CampaignCreated)
        {
            throw new InvalidOperationException($"The first event of a campaign is {nameof(CampaignCreated)}, not {campaignEvent.GetType().Name}.");
        }

        switch (campaignEvent)
        {
            case ItemEvent itemEvent:
                ApplyToItem(itemEvent);
                break;
            case HostLost or HostFound or BreakerOpened or BreakerHalfOpened or BreakerClosed:
                ApplyToHost(campaignEvent);
                break;
            case SiteBreakerOpened or SiteBreakerHalfOpened or SiteBreakerClosed:
                ApplyToSite(campaignEvent);
                break;
            case WaveStarted or WaveReachedGate or WaveApproved or WaveOutagesApproved or WaveRejected or WaveSoaked or SoakEnded or WaveDone or WaveReopened
                or WaveProgramBegun or WaveProgramEnded or WaveProgramSkipped:
                ApplyToWave(campaignEvent);
                break;
            case CampaignCreated or CampaignRevised or ItemsPlanned or CampaignPlanned:
                ApplyToPlan(campaignEvent);
                break;
            default:
                ApplyToCampaign(campaignEvent);
                break;
        }

        LastEventTime = campaignEvent.At > LastEventTime ? campaignEvent.At : LastEventTime;
        Version++;
    }

    private static InvalidOperationException Unknown(CampaignEvent campaignEvent)
        => new($"The event {campaignEvent.GetType().Name} is not handled by the fold.");
}
