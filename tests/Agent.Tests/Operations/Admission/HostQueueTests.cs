using HostAgent.Agent.Operations.Admission;

namespace HostAgent.Agent.Tests.Operations.Admission;

public sealed class HostQueueTests
{
    [Fact]
    public void Enter_below_the_limit_is_granted_at_once()
    {
        var queue = new HostQueue(limit: 2, capacity: 5);

        var ticket = queue.TryEnter().ShouldNotBeNull();

        ticket.Granted.IsCompletedSuccessfully.ShouldBeTrue();
        ticket.Position.ShouldBe(0);
        (queue.Running, queue.Waiting).ShouldBe((1, 0));
    }

    [Fact]
    public void Enter_above_the_limit_waits_in_the_order_of_coming_and_moves_up()
    {
        var queue = new HostQueue(limit: 1, capacity: 5);
        var running = queue.TryEnter()!;
        var first = queue.TryEnter()!;
        var second = queue.TryEnter()!;
        var moves = new List<int>();
        second.OnMoved(() => moves.Add(second.Position));
        (first.Position, second.Position).ShouldBe((1, 2));

        running.Dispose();

        first.Granted.IsCompletedSuccessfully.ShouldBeTrue();
        second.Granted.IsCompleted.ShouldBeFalse();
        moves.ShouldBe([1]);
        first.Position.ShouldBe(0);
    }

    [Fact]
    public void Enter_of_a_full_queue_is_refused()
    {
        var queue = new HostQueue(limit: 1, capacity: 1);
        queue.TryEnter();
        queue.IsFull.ShouldBeFalse();
        queue.TryEnter();

        queue.IsFull.ShouldBeTrue();
        queue.TryEnter().ShouldBeNull();
    }

    [Fact]
    public void Leaving_the_queue_frees_no_place_and_moves_the_others_up()
    {
        var queue = new HostQueue(limit: 1, capacity: 5);
        queue.TryEnter();
        var first = queue.TryEnter()!;
        var second = queue.TryEnter()!;

        first.Dispose();
        first.Dispose();

        second.Position.ShouldBe(1);
        second.Granted.IsCompleted.ShouldBeFalse();
        queue.Running.ShouldBe(1);
    }

    [Fact]
    public void Places_held_above_the_limit_after_a_restart_let_nothing_new_start_until_below_it()
    {
        var queue = new HostQueue(limit: 1, capacity: 5);
        var one = queue.EnterRunning();
        var two = queue.EnterRunning();
        var waiting = queue.Requeue();

        one.Dispose();
        waiting.Granted.IsCompleted.ShouldBeFalse();
        two.Dispose();

        waiting.Granted.IsCompletedSuccessfully.ShouldBeTrue();
    }

    [Theory]
    [InlineData(0, 40, true)]
    [InlineData(40, 39, false)]
    [InlineData(40, 36, true)]
    [InlineData(11, 10, true)]
    [InlineData(3, 2, true)]
    [InlineData(2, 2, false)]
    public void Position_is_told_when_it_says_something_new(int told, int now, bool worth)
        => QueuePositionRule.IsWorthTelling(told, now).ShouldBe(worth);

    [Fact]
    public void Draining_a_long_queue_tells_each_operation_few_positions()
    {
        var told = 1000;
        var tellings = 0;
        for (var position = 999; position > 0; position--)
        {
            if (QueuePositionRule.IsWorthTelling(told, position))
            {
                told = position;
                tellings++;
            }
        }

        tellings.ShouldBeLessThan(70);
        told.ShouldBe(1);
    }
}
