using HostAgent.Campaigns.Forecast;
using HostAgent.Campaigns.Planning;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Coordinator.Store;
using HostAgent.Coordinator.Watching;
using HostAgent.Coordinator.Wire;
using Microsoft.Extensions.Time.Testing;

namespace HostAgent.Coordinator.Tests.Watching;

public sealed class CampaignViewTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _time = new(Noon);
    private readonly CampaignView _view;

    public CampaignViewTests() => _view = new CampaignView(
        new NewCampaign(Guid.NewGuid(), "return-to-east", "the document", "campaign.yaml", "dr-lead", Noon),
        Header(1),
        Enumerable.Range(0, 5).Select(Item),
        _time);

    [Fact]
    public void What_is_left_is_told_from_the_message_on_and_not_from_the_estimate()
    {
        var subscription = Subscribed();
        _view.Show(new RemainingTime(new DurationBand(TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(20)), "measured", Noon));
        _time.Advance(TimeSpan.FromMinutes(4));

        var campaign = _view.Take(subscription, 100, isFirst: false).Update.Campaign;

        campaign.RemainingP50.ToTimeSpan().ShouldBe(TimeSpan.FromMinutes(6));
        campaign.RemainingP90.ToTimeSpan().ShouldBe(TimeSpan.FromMinutes(16));
    }

    [Fact]
    public void Of_a_campaign_that_has_ended_no_item_is_tried_again()
    {
        _view.Show(Header(2), [(0, Item(0) with { State = ItemState.Queued, NextAttempt = Noon.AddMinutes(1) })]);
        Snapshot().NextAttemptTime.ShouldNotBeNull();

        _view.Show(Header(3) with { State = CampaignState.Stopped, EndTime = Noon }, []);
        Snapshot().NextAttemptTime.ShouldBeNull();

        Item Snapshot() => _view.Take(_view.Subscribe(), 100, isFirst: true).Update.Items[0];
    }

    [Fact]
    public void A_snapshot_comes_in_pages_and_the_last_one_says_so()
    {
        var subscription = _view.Subscribe();

        var pages = new List<WatchStep>();
        do
        {
            pages.Add(_view.Take(subscription, 2, isFirst: pages.Count == 0));
        }
        while (pages[^1].HasMore);

        pages.Select(page => page.Update.Items.Count).ShouldBe([2, 2, 1]);
        pages.Select(page => page.Update.Snapshot).ShouldBe([true, true, false]);
        pages[0].Update.Campaign.Document.ShouldBe("the document");
        pages[1].Update.Campaign.ShouldBeNull();
        pages.Sum(page => page.Update.Skipped).ShouldBe(0);
    }

    [Fact]
    public void A_slow_watcher_gets_the_newest_state_and_the_number_of_what_was_merged_away()
    {
        var subscription = Subscribed();
        subscription.Sending();

        for (var percent = 1; percent <= 90; percent++)
        {
            Run(0, Math.Max(2, percent));
            _view.Advance(0, attempt: 1, percent, isPresent: true);
        }

        var step = _view.Take(subscription, 100, isFirst: false);
        step.Update.Items.ShouldHaveSingleItem().PercentComplete.ShouldBe(90);
        step.Update.Skipped.ShouldBe(179);
        step.Update.Version.ShouldBe(90);
        step.HasMore.ShouldBeFalse();
        _view.Take(subscription, 100, isFirst: false).Update.Items.ShouldBeEmpty();
    }

    [Fact]
    public void Activity_explains_an_item_that_runs_until_it_asks_and_one_of_an_earlier_attempt_is_not_shown()
    {
        Run(0, 1);
        var subscription = Subscribed();

        _view.Describe(0, attempt: 1, "RESYNCHRONIZE on dr-01");
        _view.Describe(0, attempt: 1, "RESYNCHRONIZE on dr-01");
        _view.Describe(0, attempt: 7, "FAIL_OVER on main-01");
        _view.Take(subscription, 100, isFirst: false).Update.ShouldSatisfyAllConditions(
            update => update.Items.ShouldHaveSingleItem().Explanation.ShouldBe("RESYNCHRONIZE on dr-01"), update => update.Skipped.ShouldBe(0));
        Hold(0, 2);
        Run(0, 3);
        _view.ToMessage(0).Explanation.ShouldBeEmpty();
    }

    // It was told that it goes on, and what it does; the event of the first comes through the store.
    [Fact]
    public void Activity_that_comes_before_the_event_that_an_item_runs_is_shown_with_it()
    {
        Run(0, 1);
        Hold(0, 2);

        _view.Describe(0, attempt: 1, "FAIL_OVER on main-01");
        _view.Show(Header(3), [(0, Item(0) with { State = ItemState.Queued, Attempt = 1 })]);
        Run(0, 4);

        _view.ToMessage(0).Explanation.ShouldBe("FAIL_OVER on main-01");
    }

    [Fact]
    public void What_is_merged_within_the_pace_or_while_nothing_is_being_sent_is_not_skipped()
    {
        var subscription = _view.Subscribe(TimeSpan.FromMilliseconds(100));
        _view.Take(subscription, 100, isFirst: true);
        Advance(1, 10);
        SkippedNow().ShouldBe(0, "it is being sent for no longer than the pace");

        _view.Sent(subscription);
        _time.Advance(TimeSpan.FromSeconds(1));
        Advance(11, 20);
        SkippedNow().ShouldBe(0, "everything was read");

        _time.Advance(TimeSpan.FromMilliseconds(100));
        Advance(21, 30);
        SkippedNow().ShouldBe(9, "what was sent before is not read yet");

        void Advance(int from, int to)
        {
            for (var percent = from; percent <= to; percent++)
            {
                Run(0, percent);
            }
        }

        long SkippedNow() => _view.Take(subscription, 100, isFirst: false).Update.Skipped;
    }

    [Fact]
    public void Nobody_waits_for_what_has_not_changed()
    {
        var subscription = Subscribed();
        Run(0, 2);
        _view.Advance(0, attempt: 1, 10, isPresent: true);
        _view.Take(subscription, 100, isFirst: false);

        _view.Advance(0, attempt: 1, 10, isPresent: true);

        subscription.HasItems.ShouldBeFalse();
    }

    [Fact]
    public void What_is_said_of_a_former_attempt_or_after_the_end_is_not_shown()
    {
        Run(0, 2);
        _view.Advance(0, attempt: 2, 99, isPresent: true);
        _view.ToMessage(0).HasPercentComplete.ShouldBeFalse();

        _view.Show(Header(3, succeeded: 1), [(0, Item(0) with { State = ItemState.Succeeded, Attempt = 1 })]);
        _view.Advance(0, attempt: 1, 50, isPresent: true);
        _view.ToMessage(0).PercentComplete.ShouldBe(100);
    }

    [Fact]
    public void A_percentage_that_an_earlier_process_may_have_shown_higher_says_so_until_the_host_tells_the_present_one()
    {
        Run(0, 2);
        _view.Restore([]);
        _view.ToMessage(0).Explanation.ShouldBeEmpty("no percentage is shown");

        _view.Advance(0, attempt: 1, 5, isPresent: false);
        _view.ToMessage(0).Explanation.ShouldStartWith("5% is what the host has recorded; the coordinator started at ");
        _view.Advance(0, attempt: 1, 61, isPresent: true);
        _view.ToMessage(0).Explanation.ShouldBeEmpty();
    }

    [Fact]
    public void A_stored_percentage_is_not_taken_for_the_present_one_because_an_older_one_is_told()
    {
        Run(0, 2);
        _view.Restore([new ItemProgress(_view.ToMessage(0).Name.Split('/')[^1], 1, 40)]);
        _view.ToMessage(0).Explanation.ShouldContain("last stored value");

        _view.Advance(0, attempt: 1, 5, isPresent: false);
        (_view.ToMessage(0).PercentComplete, _view.ToMessage(0).Explanation).ShouldSatisfyAllConditions(shown => shown.PercentComplete.ShouldBe(40), shown => shown.Explanation.ShouldContain("an earlier one may have shown more"));
    }

    [Fact]
    public void A_new_attempt_has_no_former_percentage()
    {
        Run(0, 2);
        _view.Restore([]);
        _view.Show(Header(4), [(0, Item(0) with { State = ItemState.Running, Attempt = 2 })]);

        _view.Advance(0, attempt: 2, 5, isPresent: false);
        _view.ToMessage(0).Explanation.ShouldBeEmpty();
    }

    [Fact]
    public void The_percentage_of_a_wave_is_the_mean_of_its_items_with_ended_ones_as_100()
    {
        Run(0, 2);
        _view.Advance(0, attempt: 1, 50, isPresent: true);
        _view.ToMessage(withDocument: false).Waves[0].PercentComplete.ShouldBe(10);

        _view.Show(Header(3, succeeded: 1), [(1, Item(1) with { State = ItemState.Failed, Attempt = 1 })]);
        _view.ToMessage(withDocument: false).Waves[0].PercentComplete.ShouldBe(30);

        // A new attempt begins from nothing.
        _view.Show(Header(4), [(0, Item(0) with { State = ItemState.Running, Attempt = 2 })]);
        _view.ToMessage(withDocument: false).Waves[0].PercentComplete.ShouldBe(20);
    }

    [Fact]
    public async Task A_watcher_is_woken_by_a_change_and_only_by_one()
    {
        var subscription = Subscribed();
        var waiting = subscription.WaitAsync(CancellationToken.None).AsTask();
        waiting.IsCompleted.ShouldBeFalse();

        Run(3, 2);

        await waiting.WaitAsync(TimeSpan.FromSeconds(30));
        _view.Take(subscription, 100, isFirst: false).Update.Items.ShouldHaveSingleItem().VirtualMachineName.ShouldBe("vm-3");
    }

    [Fact]
    public void A_terminal_campaign_is_told_to_its_last_item_before_the_stream_ends()
    {
        var subscription = Subscribed();
        _view.Show(
            Header(9) with { State = CampaignState.CompletedWithFailures },
            [.. Enumerable.Range(0, 3).Select(index => (index, Item(index) with { State = ItemState.Failed, Attempt = 1 }))]);

        _view.Take(subscription, 2, isFirst: false).IsLast.ShouldBeFalse();
        _view.Take(subscription, 2, isFirst: false).IsLast.ShouldBeTrue();
    }

    // A watcher that left with the end was not told of the items that came after it.
    [Fact]
    public void The_end_of_a_campaign_comes_with_the_last_of_its_items()
    {
        var subscription = Subscribed();
        _view.Show(
            Header(9) with { State = CampaignState.Completed },
            [.. Enumerable.Range(0, 3).Select(index => (index, Item(index) with { State = ItemState.Succeeded, Attempt = 1 }))]);

        var (first, last) = (_view.Take(subscription, 2, isFirst: false), _view.Take(subscription, 2, isFirst: false));

        first.Update.Campaign.ShouldBeNull();
        first.Update.Items.Count.ShouldBe(2);
        last.Update.Campaign.State.ShouldBe(CampaignState.Completed);
        last.Update.Items.ShouldHaveSingleItem();
    }

    [Fact]
    public void A_campaign_that_has_ended_before_is_told_first_and_then_its_items()
    {
        _view.Show(Header(9) with { State = CampaignState.Completed }, []);
        var subscription = _view.Subscribe();

        var first = _view.Take(subscription, 2, isFirst: true);

        first.Update.Campaign.Document.ShouldBe("the document");
        first.IsLast.ShouldBeFalse();
    }

    [Fact]
    public void Pages_of_items_end_by_number_and_by_size_and_go_on_where_they_ended()
    {
        var (first, next) = _view.Page(0, (_, _) => true, 2, int.MaxValue);
        var (second, end) = _view.Page(next!.Value, (_, _) => true, 10, int.MaxValue);
        var (small, after) = _view.Page(0, (_, _) => true, 10, maxBytes: 1);

        first.Concat(second).Select(item => item.VirtualMachineName).ShouldBe(["vm-0", "vm-1", "vm-2", "vm-3", "vm-4"]);
        end.ShouldBeNull();
        (small.Count, after).ShouldBe((1, 1));
    }

    private ChangeSubscription Subscribed()
    {
        var subscription = _view.Subscribe();
        subscription.WaitAsync(CancellationToken.None).AsTask().IsCompleted.ShouldBeTrue();
        _view.Take(subscription, 100, isFirst: true).HasMore.ShouldBeFalse();
        return subscription;
    }

    private void Run(int index, long version) => _view.Show(Header(version), [(index, Item(index) with { State = ItemState.Running, Attempt = 1 })]);

    private void Hold(int index, long version) => _view.Show(Header(version), [(index, Item(index) with { State = ItemState.Held, Attempt = 1 })]);

    private static HeaderView Header(long version, int succeeded = 0) => new()
    {
        Version = version,
        State = CampaignState.Running,
        Waves = [new WaveView { Name = "all", Counts = new ItemCounts { Total = 5, Succeeded = succeeded } }],
    };

    private static ItemView Item(int index) => new()
    {
        Id = $"item-{index}",
        Wave = 0,
        Host = "hv-west-01",
        VirtualMachineId = Guid.Empty.ToString("D"),
        VirtualMachineName = $"vm-{index}",
    };
}
