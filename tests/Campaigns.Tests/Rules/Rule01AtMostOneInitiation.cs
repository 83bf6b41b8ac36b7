using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.Tests.Worlds;

namespace HostAgent.Campaigns.Tests.Rules;

/// <summary>
/// At most one initiation takes effect per campaign, item and attempt; the intent is stored before the call. And another attempt is made
/// only when the former one cannot take effect any more, unless a person asked for it.
/// </summary>
internal sealed class Rule01AtMostOneInitiation : RuleChecker
{
    private readonly HashSet<(string Item, int Attempt)> _intents = [];
    private readonly HashSet<(string Item, int Attempt)> _begun = [];

    public override void Begins(StartOperation call, bool anotherIsLive, bool isFailedBack)
    {
        Must(_begun.Add((call.Item, call.Attempt)), $"attempt {call.Attempt} at {call.Item} took effect twice");
        Must(!anotherIsLive || Ledger.Retried.Contains(call.Item), $"attempt {call.Attempt} at {call.Item} began while another was under way");
        Must(call.Attempt <= Ledger.Attempts.GetValueOrDefault(call.Item), $"attempt {call.Attempt} at {call.Item} began without a stored intent");
    }

    public override void Before(CampaignEvent campaignEvent)
    {
        switch (campaignEvent)
        {
            case ItemStarting starting:
                var former = Ledger.Attempts.GetValueOrDefault(starting.Item);
                Must(starting.Attempt == former + 1, $"attempts at {starting.Item} count up, and {starting.Attempt} follows {former}");
                Must(starting.OperationId == OperationId.Of(Ledger.Uid, starting.Item, starting.Attempt), "the operation's id follows from campaign, item and attempt");
                Must(!Ledger.Ended.ContainsKey(starting.Item), $"{starting.Item} has ended and was started");
                _intents.Add((starting.Item, starting.Attempt));
                break;
            case EpochAdvanced advanced:
                Must(advanced.Epoch == Ledger.Epoch + 1, "epochs count up");
                break;
        }
    }

    public override void After(Turn turn)
    {
        foreach (var initiate in turn.Effects.OfType<StartOperation>())
        {
            Must(_intents.Contains((initiate.Item, initiate.Attempt)), $"{initiate.Item} is initiated without a stored intent");
            Must(initiate.OperationId == OperationId.Of(Ledger.Uid, initiate.Item, initiate.Attempt), $"{initiate.Item} is initiated under another id");
            Must(initiate.Attempt == Ledger.Attempts[initiate.Item], $"{initiate.Item} is initiated for a former attempt");
            Must(initiate.Epoch == Ledger.Epoch, "calls carry the present epoch");
            Must(Ledger.InFlight.Contains(initiate.Item), $"{initiate.Item} is initiated while no intent stands");
        }
    }
}
