using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.Planning;
using HostAgent.Campaigns.Spec;

namespace HostAgent.Campaigns.Tests.Worlds;

/// <summary>What has become true of a campaign, kept by plain counting from its true document, its plan and its events; it uses nothing of the machine.</summary>
internal sealed class Ledger(CampaignSpec spec, CampaignPlan plan)
{
    private readonly Dictionary<string, PlannedItem> _items = plan.Items.ToDictionary(item => item.Id, StringComparer.Ordinal);
    private readonly HashSet<string> _checking = new(StringComparer.Ordinal);

    public CampaignSpec Spec { get; } = spec;

    public CampaignPlan Plan { get; } = plan;

    public Guid Uid { get; private set; }

    public long Epoch { get; private set; } = 1;

    public bool IsRunning { get; private set; }

    public bool IsStopping { get; private set; }

    public HashSet<PauseCause> Pauses { get; } = [];

    /// <summary>Items that have a place under the limits: from the start of a check or of an attempt to its end.</summary>
    public HashSet<string> InFlight { get; } = new(StringComparer.Ordinal);

    /// <summary>How items have ended.</summary>
    public Dictionary<string, ItemStatus> Ended { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, int> Attempts { get; } = new(StringComparer.Ordinal);

    /// <summary>Items whose dependencies a person has overridden.</summary>
    public HashSet<string> Lifted { get; } = new(StringComparer.Ordinal);

    /// <summary>Items for which a person has asked for new attempts.</summary>
    public HashSet<string> Retried { get; } = new(StringComparer.Ordinal);

    public PlannedItem Item(string id) => _items[id];

    public bool HasSucceeded(string id) => Ended.TryGetValue(id, out var status) && status.IsSuccess();

    public bool HasEndedUnmet(string id) => Ended.TryGetValue(id, out var status) && !status.IsSuccess();

    public bool IsUnknown(string id) => Ended.GetValueOrDefault(id) == ItemStatus.UnknownOutcome;

    /// <summary>The items that an item waits for.</summary>
    public IEnumerable<string> AfterOf(string id)
        => _items[id].Dependencies.SelectMany(dependency => Plan.Dependencies[dependency].After).Select(after => Plan.Items[after].Id);

    public void Take(CampaignEvent campaignEvent)
    {
        switch (campaignEvent)
        {
            case CampaignCreated created:
                Uid = created.Uid;
                break;
            case CampaignRevised:
                Ended.Clear();
                break;
            case CampaignStarted or CampaignReopened:
                (IsRunning, IsStopping) = (true, false);
                break;
            case CampaignPaused paused:
                Pauses.Add(paused.Cause);
                break;
            case CampaignResumed resumed:
                Pauses.ExceptWith(resumed.Causes);
                break;
            case CampaignStopping:
                IsStopping = true;
                Pauses.Clear();
                break;
            case CampaignEnded:
                (IsRunning, IsStopping) = (false, false);
                Pauses.Clear();
                break;
            case EpochAdvanced advanced:
                Epoch = advanced.Epoch;
                break;
            case ItemEvent itemEvent:
                Take(itemEvent);
                break;
        }
    }

    private void Take(ItemEvent itemEvent)
    {
        var id = itemEvent.Item;
        switch (itemEvent)
        {
            case ItemChecking:
                InFlight.Add(id);
                _checking.Add(id);
                break;
            case ItemReadinessChecked when _checking.Remove(id):
                InFlight.Remove(id);
                break;
            case ItemStarting starting:
                InFlight.Add(id);
                Attempts[id] = starting.Attempt;
                break;
            case ItemSucceeded succeeded:
                End(id, succeeded.WithWarnings ? ItemStatus.SucceededWithWarnings : ItemStatus.Succeeded);
                break;
            case ItemResolved resolved:
                End(id, resolved.Succeeded ? ItemStatus.Succeeded : ItemStatus.Failed);
                break;
            case ItemOutcomeUnknown:
                End(id, ItemStatus.UnknownOutcome);
                break;
            case ItemFailed:
                End(id, ItemStatus.Failed);
                break;
            case ItemCancelled:
                End(id, ItemStatus.Cancelled);
                break;
            case ItemSkipped:
                End(id, ItemStatus.Skipped);
                break;
            case ItemRetryScheduled:
                InFlight.Remove(id);
                break;
            case ItemRetryRequested requested:
                Ended.Remove(id);
                Retried.Add(id);
                if (!requested.KeepsDependencies)
                {
                    Lifted.Add(id);
                }

                break;
        }
    }

    private void End(string id, ItemStatus status)
    {
        InFlight.Remove(id);
        _checking.Remove(id);
        Ended[id] = status;
    }
}
