using HostAgent.Campaigns.Messages;

namespace HostAgent.Campaigns.Tests.Worlds;

/// <content>What people do.</content>
internal sealed partial class World
{
    private CampaignInput Command()
    {
        var item = _ledger.Plan.Items[_move.Choose(_ledger.Plan.Items.Count, 11)].Id;
        var wave = _ledger.Spec.Waves[_ledger.Item(item).Wave].Name;
        return (_move.Pick % 22) switch
        {
            0 => new PauseCampaign("ann", "a break"),
            1 or 2 or 3 => new ResumeCampaign("ann", ""),
            4 or 5 => new ApproveWave(wave, "lead", ""),
            6 => new ApproveWave(wave, "mallory", ""),
            7 => new RejectWave(wave, "lead", "not yet"),
            8 => new SkipItem(item, "ann", ""),
            9 or 10 => new CancelItem(item, true, "ann", ""),
            11 => new CancelItem(item, false, "ann", ""),
            12 or 13 => new RecheckItem(item, "ann"),
            14 => new ResolveItem(item, _move.Choose(2, 12) == 0, "ann", "looked at it"),
            15 or 16 => new RetryItems([item], "ann", ""),
            17 => new RetryItems([], "ann", ""),
            18 => new PreflightCampaign(),
            19 => new ReviseCampaign(_ledger.Spec, _ledger.Plan, "revised", "ann"),
            20 => new StartCampaign(null, "ann"),
            _ => _move.Choose(3, 13) == 0 ? new StopCampaign("ann", "") : new ResumeCampaign("ann", ""),
        };
    }
}
