namespace HostAgent.Agent.Operations;

/// <summary>Keeps the highest epoch seen for each campaign, and keeps everybody out who comes with a lower one.</summary>
internal sealed class EpochFence
{
    private readonly Lock _gate = new();
    private readonly Dictionary<Guid, long> _highest = [];

    /// <summary>Takes an epoch over from the journal.</summary>
    public void Raise(Guid campaignId, long epoch)
    {
        lock (_gate)
        {
            _highest[campaignId] = Math.Max(epoch, _highest.GetValueOrDefault(campaignId));
        }
    }

    /// <summary>Refuses a lower epoch than the highest seen.</summary>
    /// <exception cref="OperationRefusedException">STALE_EPOCH.</exception>
    public void Check(CampaignTie? campaign)
    {
        lock (_gate)
        {
            if (campaign is { } tie && _highest.GetValueOrDefault(tie.CampaignId) is var highest && tie.Epoch < highest)
            {
                throw Refusals.StaleEpoch(tie.CampaignId, tie.Epoch, highest);
            }
        }
    }

    /// <summary>As <see cref="Check"/>, and from this moment on every lower epoch is refused.</summary>
    /// <returns>Whether the highest has risen.</returns>
    /// <exception cref="OperationRefusedException">STALE_EPOCH.</exception>
    public bool CheckAndRaise(CampaignTie? campaign)
    {
        lock (_gate)
        {
            Check(campaign);
            var rises = campaign is { } tie && tie.Epoch > _highest.GetValueOrDefault(tie.CampaignId);
            if (rises)
            {
                _highest[campaign!.CampaignId] = campaign.Epoch;
            }

            return rises;
        }
    }
}
