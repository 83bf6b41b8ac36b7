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
}
