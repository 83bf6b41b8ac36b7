namespace HostAgent.Hosting.Tests;

public sealed class ExponentialBackoffTests
{
    [Fact]
    public void Waits_double_up_to_the_limit_and_begin_again_after_a_success()
    {
        var backoff = new ExponentialBackoff(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5));

        Enumerable.Range(0, 5).Select(_ => backoff.Next().TotalSeconds).ShouldBe([1, 2, 4, 5, 5]);
        backoff.Reset();
        backoff.Next().ShouldBe(TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void Jitter_shortens_each_wait_by_up_to_half_and_does_not_change_the_next()
    {
        var numbers = new Queue<double>([0, 0.5, 0]);
        var backoff = new ExponentialBackoff(TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(8), numbers.Dequeue);

        Enumerable.Range(0, 3).Select(_ => backoff.Next().TotalSeconds).ShouldBe([2, 6, 4]);
    }

    [Fact]
    public void No_wait_is_longer_than_the_limit()
        => new ExponentialBackoff(TimeSpan.FromSeconds(9), TimeSpan.FromSeconds(5)).Next().ShouldBe(TimeSpan.FromSeconds(5));
}
