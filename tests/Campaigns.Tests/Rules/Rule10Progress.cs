using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.Tests.Worlds;

namespace HostAgent.Campaigns.Tests.Rules;

/// <summary>A percentage never goes back without an event that says so: that of going back itself, of a new attempt, or of a new owner.</summary>
internal sealed class Rule10Progress : RuleChecker
{
    private readonly Dictionary<string, int> _told = new(StringComparer.Ordinal);
    private readonly HashSet<string> _running = new(StringComparer.Ordinal);

    public override void Before(CampaignEvent campaignEvent)
    {
        switch (campaignEvent)
        {
            case EpochAdvanced:
                _told.Clear();
                break;
            case ItemRunning running:
                _running.Add(running.Item);
                break;
            case ItemStarting starting:
                _told.Remove(starting.Item);
                _running.Remove(starting.Item);
                break;
            case ItemRechecking rereading:
                _running.Remove(rereading.Item);
                break;
        }
    }

    public override void After(Turn turn)
    {
        var wentBack = turn.Events.OfType<ItemProgressWentBack>().SingleOrDefault();
        if (turn.Input is AttemptProgressed { Percent: { } percent } progress && IsUnderWay(progress))
        {
            var former = _told.GetValueOrDefault(progress.Item);
            Must(percent >= former || (wentBack?.From == former && wentBack.To == percent), $"the progress of {progress.Item} goes back from {former} to {percent}, and no event says so");
            Must(percent < former || wentBack is null, $"the progress of {progress.Item} does not go back, and an event says that it does");
            _told[progress.Item] = percent;
        }
        else
        {
            Must(wentBack is null, "progress is said to go back where none was told");
        }
    }

    private bool IsUnderWay(AttemptProgressed progress)
        => progress.Attempt == Ledger.Attempts.GetValueOrDefault(progress.Item) && _running.Contains(progress.Item) && Ledger.InFlight.Contains(progress.Item);
}
