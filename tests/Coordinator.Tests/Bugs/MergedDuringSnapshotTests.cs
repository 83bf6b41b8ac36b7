using HostAgent.Coordinator.Watching;

namespace HostAgent.Coordinator.Tests.Bugs;

/// <summary>A watcher that stopped reading within its first snapshot was told that it had missed nothing, however much it had.</summary>
public sealed class MergedDuringSnapshotTests
{
    [Fact]
    public void What_changes_twice_after_it_was_told_is_merged_away_although_the_snapshot_goes_on()
    {
        var subscription = new ChangeSubscription(4, TimeProvider.System, TimeSpan.Zero);
        subscription.Sending();
        subscription.TakeItems(2).ShouldBe([0, 1]);

        for (var change = 0; change < 3; change++)
        {
            subscription.MarkItem(0);
            subscription.MarkItem(3);
        }

        // Item 0 changed three times and is told once more; item 3 was not told at all yet.
        subscription.Skipped.ShouldBe(2);
        subscription.TakeItems(10).ShouldBe([2, 3, 0]);
        subscription.SnapshotLeft.ShouldBe(0);
    }
}
