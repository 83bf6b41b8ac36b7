using HostAgent.HyperV.Jobs;
using HostAgent.HyperV.Replication;
using HostAgent.HyperV.Simulation.Estates;

namespace HostAgent.HyperV.Simulation.Tests.Pairs;

/// <summary>A link that is slow, or cut in one or both directions.</summary>
public sealed class LinkTests
{
    [Fact]
    public async Task Replication_stops_at_the_cut_and_goes_on_after_it()
    {
        await using var pair = new SharedPair(PairScenario.Reversed);
        var home = await pair.OpenAsync(SharedPair.Home);
        await using var look = await pair.LookAsync();
        pair.Pass(700);
        var last = (await home.SeeAsync()).Relationship!.LastReplicationTime;
        look.CutLink();
        pair.Pass(900);

        (await home.SeeAsync()).Relationship.ShouldNotBeNull().ShouldSatisfyAllConditions(
            relationship => relationship.LastReplicationTime.ShouldBe(last), relationship => relationship.Health.ShouldBe(ReplicationHealth.Warning));
        look.Compare(pair.Id.Value).FirstLacks.ShouldBe(TimeSpan.FromSeconds(1000), "it has what came at 600 seconds");

        look.RestoreLink();
        pair.Pass(301);
        (await home.SeeAsync()).Relationship!.Health.ShouldBe(ReplicationHealth.Ok);
        look.Compare(pair.Id.Value).FirstLacks.ShouldBe(TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task Preparation_over_a_link_that_is_cut_fails_and_still_shows_the_state()
    {
        await using var pair = new SharedPair(PairScenario.Reversed);
        var recovery = await pair.OpenAsync(SharedPair.Recovery);
        await using var look = await pair.LookAsync();
        pair.Pass(100);
        await recovery.ShutDownAsync();
        pair.Pass(30);
        look.CutLink(SharedPair.Home);
        var prepared = await recovery.PrepareAsync();
        pair.Pass(30);

        (await recovery.VerdictAsync(prepared)).ShouldBe(JobVerdict.Failed);
        (await recovery.StateAsync()).State.ShouldBe(ReplicationState.SyncedReplicationComplete);
        look.Compare(pair.Id.Value).FirstLacks.ShouldBeGreaterThan(TimeSpan.Zero);
    }

    [Fact]
    public async Task Answer_that_is_lost_leaves_the_change_there_and_a_failed_job_here()
    {
        await using var pair = new SharedPair(PairScenario.PlannedFailedOver);
        var home = await pair.OpenAsync(SharedPair.Home);
        var recovery = await pair.OpenAsync(SharedPair.Recovery);
        await using var look = await pair.LookAsync();
        var reversal = await recovery.ReverseAsync();
        pair.Pass(5);
        look.CutLink(SharedPair.Recovery);
        pair.Pass(30);

        (await recovery.VerdictAsync(reversal)).ShouldBe(JobVerdict.Failed);
        (await recovery.StateAsync()).ShouldBe((ReplicationMode.Replica, ReplicationState.Recovered));
        (await home.StateAsync()).ShouldBe((ReplicationMode.Replica, ReplicationState.Replicating), "the request had arrived");
    }

    [Fact]
    public async Task Exchange_that_begins_after_the_cut_changes_nothing_there()
    {
        await using var pair = new SharedPair(PairScenario.PlannedFailedOver);
        var home = await pair.OpenAsync(SharedPair.Home);
        var recovery = await pair.OpenAsync(SharedPair.Recovery);
        await using var look = await pair.LookAsync();
        look.CutLink(SharedPair.Recovery);
        await recovery.ReverseAsync();
        pair.Pass(30);

        (await home.StateAsync()).ShouldBe((ReplicationMode.Primary, ReplicationState.SyncedReplicationComplete));
    }

    [Fact]
    public async Task Link_cuts_itself_when_the_estate_says_so()
    {
        await using var pair = new SharedPair(PairScenario.Reversed, new SimulatedLinkDescription { Cuts = [new(TimeSpan.FromMinutes(12)) { For = TimeSpan.FromMinutes(10) }] });
        var home = await pair.OpenAsync(SharedPair.Home);
        pair.Pass(21 * 60);
        (await home.SeeAsync()).Relationship!.Health.ShouldBe(ReplicationHealth.Warning);
        (await home.SeeAsync()).Relationship!.LastReplicationTime.ShouldBe(Stage.Began + TimeSpan.FromMinutes(10));
        pair.Pass(7 * 60);
        (await home.SeeAsync()).Relationship!.Health.ShouldBe(ReplicationHealth.Ok);
        (await home.SeeAsync()).Relationship!.LastReplicationTime.ShouldBe(Stage.Began + TimeSpan.FromMinutes(27));
    }

    [Fact]
    public async Task Cut_outlives_every_process()
    {
        await using var pair = new SharedPair(PairScenario.Reversed);
        await using (var look = await pair.LookAsync())
        {
            look.CutLink();
        }

        var home = await pair.OpenAsync(SharedPair.Home);
        (await home.SeeAsync()).Relationship!.Health.ShouldBe(ReplicationHealth.Warning);
    }

    [Theory]
    [InlineData(0, 0, 65.5)]
    [InlineData(0, 100, 66.5)]
    [InlineData(0.1, 40, 1430)]
    public async Task Copy_takes_as_long_as_the_link_needs(double lossPercent, int latencyMilliseconds, double atLeastSeconds)
    {
        await using var pair = new SharedPair(PairScenario.HomeRestored, new SimulatedLinkDescription
        {
            MegabitsPerSecond = 200, Latency = TimeSpan.FromMilliseconds(latencyMilliseconds), LossPercent = lossPercent,
        });
        var home = await pair.OpenAsync(SharedPair.Home);
        var recovery = await pair.OpenAsync(SharedPair.Recovery);
        await home.BecomeReplicaAsync();
        pair.Pass(10);
        await recovery.ReverseAsync();
        pair.Pass(30);
        await recovery.StartReplicationAsync();

        // 10 GB compared at 1 GB/s, then 1 GB over the link.
        pair.Pass(atLeastSeconds);
        (await recovery.StateAsync()).State.ShouldBe(ReplicationState.WaitingToCompleteInitialReplication);
        pair.Pass(30);
        (await recovery.StateAsync()).State.ShouldBe(ReplicationState.Replicating);
    }
}
