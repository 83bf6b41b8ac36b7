using HostAgent.Campaigns.Messages;

namespace HostAgent.Campaigns.Tests.Rules;

/// <summary>
/// Where readiness is required, an item starts only on a check that found it ready and that is not too old, of no former document, and
/// of the machine's present replication state. Judged by what was heard, not by what the machine made of it.
/// </summary>
internal sealed class Rule09Readiness : RuleChecker
{
    private readonly Dictionary<string, (DateTimeOffset Time, string State)> _ready = new(StringComparer.Ordinal);
    private long _revision;
    private long _events;

    public override void Hears(CampaignInput input, DateTimeOffset now)
    {
        switch (input)
        {
            case ReadinessChecked found when found.Revision == _revision && found.Ready:
                _ready[found.Item] = (now, found.ReplicationState);
                break;
            case ReadinessChecked found when found.Revision == _revision:
                _ready.Remove(found.Item);
                break;
            case ReplicationStateChanged changed when _ready.TryGetValue(changed.Item, out var found) && found.State != changed.ReplicationState:
                _ready.Remove(changed.Item);
                break;
        }
    }

    public override void Before(CampaignEvent campaignEvent)
    {
        switch (campaignEvent)
        {
            case CampaignCreated or CampaignRevised:
                _revision = _events;
                _ready.Clear();
                break;
            case ItemStarting starting when Ledger.Spec.Readiness.Required:
                Must(_ready.Remove(starting.Item, out var found), $"{starting.Item} starts and was not found ready");
                Must(starting.At - found.Time < Ledger.Spec.Readiness.MaxAge, $"{starting.Item} starts on a check that is too old");
                break;
        }

        _events++;
    }
}
