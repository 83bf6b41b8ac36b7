using HostAgent.Campaigns.Effects;
using HostAgent.Campaigns.Events;
using HostAgent.Campaigns.Internal;
using HostAgent.Campaigns.Planning;
using HostAgent.Campaigns.Spec;
using HostAgent.Campaigns.States;

namespace HostAgent.Campaigns.Tests.Harness;

/// <summary>
/// Judges a history by the rules of campaigns, from its events and effects alone and by plain counting; it uses none of the machine's indexes.
/// </summary>
internal sealed class HistoryChecker(CampaignSpec spec, CampaignPlan plan)
{
    private readonly Dictionary<string, PlannedItem> _items = plan.Items.ToDictionary(item => item.Id, StringComparer.Ordinal);
    private readonly HashSet<string> _inFlight = new(StringComparer.Ordinal);
    private readonly HashSet<string> _succeeded = new(StringComparer.Ordinal);
    private readonly HashSet<string> _ended = new(StringComparer.Ordinal);
    private readonly HashSet<string> _unknown = new(StringComparer.Ordinal);
    private readonly HashSet<string> _lifted = new(StringComparer.Ordinal);
    private readonly HashSet<string> _retriedByPerson = new(StringComparer.Ordinal);
    private readonly HashSet<string> _cancelled = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _attempts = new(StringComparer.Ordinal);
    private readonly HashSet<PauseCause> _pauses = [];
    private readonly HashSet<int> _startedWaves = [];
    private readonly HashSet<int> _doneWaves = [];
    private readonly HashSet<string> _openBreakers = new(StringComparer.OrdinalIgnoreCase);
    private readonly WindowSchedule? _window = spec.Window is { } window ? new WindowSchedule(window) : null;
    private bool _running;
    private long _epoch = 1;

    public int Initiations { get; private set; }

    /// <summary>A new operation has reached an agent.</summary>
    public void Reached(Initiate call, bool anotherIsLive, bool isFailedBack)
    {
        Initiations++;
        var excused = _retriedByPerson.Contains(call.Item);
        (anotherIsLive && !excused).ShouldBeFalse($"a second operation was started on {call.Item} while one was live");
        (isFailedBack && _unknown.Contains(call.Item)).ShouldBeFalse($"an item of unknown outcome was initiated again: {call.Item}");
    }

    public void Check(Outcome outcome, CampaignMachine machine, Func<string> story)
    {
        try
        {
            foreach (var campaignEvent in outcome.Events)
            {
                Follow(campaignEvent);
            }

            foreach (var initiate in outcome.Effects.OfType<Initiate>())
            {
                initiate.Epoch.ShouldBe(_epoch);
                initiate.Attempt.ShouldBe(_attempts[initiate.Item]);
                initiate.OperationId.ShouldBe(OperationId.Of(machine.State.Uid, initiate.Item, initiate.Attempt));
                _inFlight.ShouldContain(initiate.Item, "an item is initiated only while its intent stands");
                _cancelled.ShouldNotContain(initiate.Item, "an item is initiated after its cancellation was asked for");
            }

            CheckLimits(machine);
            CheckCounts(machine);
            CheckNothingIsLeftWaiting(machine);
        }
        catch (ShouldAssertException broken)
        {
            throw new ShouldAssertException($"{broken.Message}\n\n{story()}", broken);
        }
    }

    private void Follow(CampaignEvent campaignEvent)
    {
        switch (campaignEvent)
        {
            case CampaignStarted or CampaignReopened:
                _running = true;
                break;
            case CampaignPaused paused:
                _pauses.Add(paused.Cause);
                break;
            case CampaignResumed resumed:
                _pauses.ExceptWith(resumed.Causes);
                break;
            case CampaignStopping:
                _running = false;
                break;
            case CampaignEnded:
                _running = false;
                _inFlight.ShouldBeEmpty("a campaign ends when nothing is in flight");
                break;
            case ToleranceBreached breach:
                breach.Failures.ShouldBeGreaterThan(breach.Tolerated);
                break;
            case EpochAdvanced advanced:
                advanced.Epoch.ShouldBe(_epoch + 1);
                _epoch = advanced.Epoch;
                break;
            case WaveStarted started:
                foreach (var former in plan.Items.Where(item => item.Wave < started.Wave))
                {
                    _ended.ShouldContain(former.Id, "a wave starts when every item of the former ones has ended");
                }

                Enumerable.Range(0, started.Wave).ShouldBeSubsetOf(_doneWaves, "a wave starts when the former ones' gates hold");
                _startedWaves.Add(started.Wave);
                break;
            case WaveDone done:
                _doneWaves.Add(done.Wave);
                break;
            case BreakerOpened opened:
                _openBreakers.Add(opened.Host);
                break;
            case BreakerHalfOpened or BreakerClosed:
                _openBreakers.Remove(campaignEvent is BreakerHalfOpened half ? half.Host : ((BreakerClosed)campaignEvent).Host);
                break;
            case ItemStarting starting:
                Start(starting);
                break;
            case ItemEvent itemEvent:
                FollowItem(itemEvent);
                break;
        }
    }

    private void Start(ItemStarting starting)
    {
        var item = _items[starting.Item];
        _running.ShouldBeTrue("an item starts only while the campaign runs");
        _pauses.ShouldBeEmpty("an item starts only while nothing pauses the campaign");
        _startedWaves.ShouldContain(item.Wave, "an item starts only after its wave");
        _ended.ShouldNotContain(item.Id, "an item that has ended does not start");
        _openBreakers.ShouldNotContain(item.Host, "an item does not start on a host whose breaker is open");
        (_window?.IsOpen(starting.At) ?? true).ShouldBeTrue("an item starts only while the window is open");
        _inFlight.Add(item.Id).ShouldBeTrue("an item in flight does not start again");
        starting.Attempt.ShouldBe(_attempts.GetValueOrDefault(item.Id) + 1, "attempts count up, each once");
        _attempts[item.Id] = starting.Attempt;
        if (!_lifted.Contains(item.Id))
        {
            foreach (var after in item.Dependencies.SelectMany(dependency => plan.Dependencies[dependency].After))
            {
                _succeeded.ShouldContain(plan.Items[after].Id, "an item starts after all it depends on");
            }
        }
    }

    private void FollowItem(ItemEvent itemEvent)
    {
        var id = itemEvent.Item;
        switch (itemEvent)
        {
            case ItemSucceeded or ItemResolved { Succeeded: true }:
                _succeeded.Add(id);
                End(id);
                break;
            case ItemOutcomeUnknown:
                End(id);
                _unknown.Add(id);
                break;
            case ItemFailed or ItemCancelled or ItemSkipped or ItemResolved:
                End(id);
                break;
            case ItemRetryScheduled:
                _inFlight.Remove(id);
                break;
            case ItemCancelRequested:
                _cancelled.Add(id);
                break;
            case ItemRetryRequested:
                _unknown.ShouldNotContain(id, "an item of unknown outcome is resolved before it is retried");
                _ended.Remove(id);
                _cancelled.Remove(id);
                _lifted.Add(id);
                _retriedByPerson.Add(id);
                break;
        }
    }

    private void End(string id)
    {
        _inFlight.Remove(id);
        _unknown.Remove(id);
        _ended.Add(id);
    }

    private void CheckLimits(CampaignMachine machine)
    {
        machine.State.InFlight.ShouldBe(_inFlight.Count);
        var flying = _inFlight.Select(id => _items[id]).ToList();
        Check("campaign", spec.Limits.Campaign, [flying.Count]);
        Check("host", spec.Limits.Host, flying.GroupBy(item => item.Host).Select(group => group.Count()));
        Check("site", spec.Limits.Site, flying.GroupBy(item => item.Site).Select(group => group.Count()));
        Check("link", spec.Limits.Link, flying.GroupBy(item => (item.Site, item.PrimarySite)).Select(group => group.Count()));
        Check("tenant", spec.Limits.Tenant, flying.GroupBy(item => item.Tenant).Select(group => group.Count()));

        void Check(string limit, Documents.Amount? allowed, IEnumerable<int> counts)
        {
            if (allowed is { } amount)
            {
                counts.ShouldAllBe(count => count <= amount.Of(plan.Items.Count, 1), $"the limit {limit}, {amount}, is exceeded");
            }
        }
    }

    private static void CheckCounts(CampaignMachine machine)
    {
        foreach (var status in Enum.GetValues<ItemStatus>())
        {
            machine.State.Counts[status].ShouldBe(machine.State.Items.Count(item => item.Status == status), $"the count of {status}");
        }

        machine.State.Failures.ShouldBeGreaterThanOrEqualTo(0);
    }

    /// <summary>The index finds every item that may start: after a turn none is left that all the rules would allow.</summary>
    private static void CheckNothingIsLeftWaiting(CampaignMachine machine)
    {
        var state = machine.State;
        if (state.Status != CampaignStatus.Running || !state.Whole.HasRoom)
        {
            return;
        }

        var forgotten = state.Items.FirstOrDefault(item => item.IsWaiting && item.Host.HasRoom
            && item.Host.Site.HasRoom && item.Host.Link.HasRoom && item.Host.Tenant.HasRoom && item.Wave.InFlight < item.Wave.RampBound);
        forgotten.ShouldBeNull($"{forgotten?.Planned.VirtualMachineName} may start and has been forgotten");
    }
}
