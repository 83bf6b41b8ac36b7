using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Jobs;
using HostAgent.HyperV.Replication;
using HostAgent.HyperV.Simulation.Estates;
using HostAgent.HyperV.Simulation.World;
using HostAgent.HyperV.VirtualMachines;

namespace HostAgent.HyperV.Simulation.Tests.Pairs;

/// <summary>Two hosts that two processes serve: what one does is at the other at once, and nothing that a process leaves behind stops the other.</summary>
public sealed class SharedPairTests
{
    private static readonly (ReplicationMode, ReplicationState) Replicates = (ReplicationMode.Primary, ReplicationState.Replicating);
    private static readonly (ReplicationMode, ReplicationState) Receives = (ReplicationMode.Replica, ReplicationState.Replicating);

    [Fact]
    public async Task Reversal_and_copy_of_one_process_change_the_machine_of_the_other()
    {
        await using var pair = new SharedPair(PairScenario.FailedOver);
        var home = await pair.OpenAsync(SharedPair.Home);
        var recovery = await pair.OpenAsync(SharedPair.Recovery);

        await home.BecomeReplicaAsync();
        pair.Pass(10);
        await recovery.ReverseAsync();
        pair.Pass(30);
        (await home.StateAsync()).ShouldBe((ReplicationMode.Replica, ReplicationState.WaitingToCompleteInitialReplication));
        await recovery.StartReplicationAsync();
        pair.Pass(60);

        (await recovery.StateAsync()).ShouldBe(Replicates);
        (await home.StateAsync()).ShouldBe(Receives);
        await using var look = await pair.LookAsync();
        pair.Pass(301);
        look.Compare(pair.Id.Value).ShouldSatisfyAllConditions(content => content.FirstIsMixed.ShouldBeFalse(), content => content.FirstLacks.ShouldBeLessThan(TimeSpan.FromMinutes(5)));
    }

    [Fact]
    public async Task Machine_comes_home_with_every_write_between_two_processes_that_open_the_hosts_anew_for_each_step()
    {
        await using var pair = new SharedPair(PairScenario.Reversed);
        await StepAsync(SharedPair.Recovery, async client => await client.ShutDownAsync());
        await StepAsync(SharedPair.Recovery, async client => await client.PrepareAsync());
        await StepAsync(SharedPair.Home, async client => await client.FailOverAsync());
        await StepAsync(SharedPair.Home, async client => await client.StartAsync());
        await StepAsync(SharedPair.Home, async client => await client.ReverseAsync());

        await using var look = await pair.LookAsync();
        look.Compare(pair.Id.Value).ShouldSatisfyAllConditions(
            content => content.FirstRuns.ShouldBeTrue(),
            content => content.SecondRuns.ShouldBeFalse(),
            content => content.FirstLacks.ShouldBe(TimeSpan.Zero),
            content => content.BothRan.ShouldBe(TimeSpan.Zero),
            content => (content.FirstRunCount, content.SecondRunCount).ShouldBe((1, 1)),
            content => content.NeitherRan.ShouldBeGreaterThan(TimeSpan.Zero),
            content => content.IsProtected.ShouldBeTrue());
        look.CutLink();
        look.Compare(pair.Id.Value).IsProtected.ShouldBeFalse();
        look.RestoreLink();
        look.Compare(pair.Id.Value).IsProtected.ShouldBeTrue();
        await using var home = await pair.OpenAsync(SharedPair.Home);
        await using var recovery = await pair.OpenAsync(SharedPair.Recovery);
        (await home.StateAsync()).ShouldBe(Replicates);
        (await recovery.StateAsync()).ShouldBe(Receives);

        async Task StepAsync(string host, Func<SharedPair.Client, Task> step)
        {
            await using (var client = await pair.OpenAsync(host))
            {
                await step(client);
            }

            pair.Pass(60);
        }
    }

    [Fact]
    public async Task Host_goes_on_while_no_process_serves_it()
    {
        await using var pair = new SharedPair(PairScenario.Reversed);
        var home = await pair.OpenAsync(SharedPair.Home);
        await using (var recovery = await pair.OpenAsync(SharedPair.Recovery))
        {
            await recovery.ShutDownAsync();
            pair.Pass(30);
            await recovery.PrepareAsync();
        }

        // The agent is gone; its host is not.
        pair.Pass(60);
        (await home.SeeAsync()).Relationship!.LastReplicationType.ShouldBe(ReplicationType.Planned);
        await using var again = await pair.OpenAsync(SharedPair.Recovery);
        (await again.StateAsync()).ShouldBe((ReplicationMode.Primary, ReplicationState.SyncedReplicationComplete));
    }

    [Fact]
    public async Task Host_is_served_by_one_process_at_a_time()
    {
        await using var pair = new SharedPair(PairScenario.Reversed);
        await pair.OpenAsync(SharedPair.Home);
        (await Should.ThrowAsync<StateFileException>(pair.OpenAsync(SharedPair.Home))).Message.ShouldContain("already running");
        await pair.OpenAsync(SharedPair.Recovery);
    }

    [Fact]
    public async Task Processes_see_the_same_although_one_clock_is_behind()
    {
        await using var pair = new SharedPair(PairScenario.Reversed);
        var home = await pair.OpenAsync(SharedPair.Home);
        var late = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(Stage.Began - TimeSpan.FromSeconds(40));
        var recovery = await pair.OpenAsync(SharedPair.Recovery, late);
        await recovery.ShutDownAsync();
        pair.Pass(21);

        (await home.SeeAsync()).ShouldNotBeNull();
        (await recovery.SeeAsync()).EnabledState.ShouldBe(EnabledState.Off, "the other process has seen it at a later time");
    }

    [Fact]
    public async Task Long_history_is_replaced_by_a_summary_that_the_other_process_notices()
    {
        await using var pair = new SharedPair(PairScenario.Reversed) { Options = new SimulationOptions { MinimumJobRetention = TimeSpan.Zero, CompactAbove = 2000 } };
        var home = await pair.OpenAsync(SharedPair.Home);
        var recovery = await pair.OpenAsync(SharedPair.Recovery);
        var file = Path.Combine(pair.Directory, SharedPair.Recovery + ".simulation");
        for (var round = 0; round < 10; round++)
        {
            recovery.Host.Rename(pair.Id.Value, $"sql-{round}");
            home.Host.Rename(pair.Id.Value, $"sql-{round}");
            pair.Pass(1);
        }

        File.ReadLines(file).Count().ShouldBeLessThan(10);
        await recovery.ShutDownAsync();
        pair.Pass(30);
        var prepared = await recovery.PrepareAsync();
        pair.Pass(30);
        (await recovery.VerdictAsync(prepared)).ShouldBe(JobVerdict.Succeeded);
        (await home.SeeAsync()).Relationship!.LastReplicationType.ShouldBe(ReplicationType.Planned);
        await home.FailOverAsync();
        await using var look = await pair.LookAsync();
        look.Compare(pair.Id.Value).FirstLacks.ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public async Task Line_that_a_killed_process_has_left_unfinished_is_dropped()
    {
        await using var pair = new SharedPair(PairScenario.Reversed);
        var home = await pair.OpenAsync(SharedPair.Home);
        var file = Path.Combine(pair.Directory, SharedPair.Recovery + ".simulation");
        using (var torn = new FileStream(file, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete))
        {
            torn.Write("{\"type\":\"machineCh"u8);
        }

        (await home.StateAsync()).ShouldBe(Receives);
        await using var recovery = await pair.OpenAsync(SharedPair.Recovery);
        (await recovery.StateAsync()).ShouldBe(Replicates);
    }

    [Fact]
    public async Task Damaged_file_is_named()
    {
        await using var pair = new SharedPair(PairScenario.Reversed);
        var home = await pair.OpenAsync(SharedPair.Home);
        await File.AppendAllTextAsync(Path.Combine(pair.Directory, SharedPair.Recovery + ".simulation"), "nonsense\n", Stage.Token);
        (await Should.ThrowAsync<CimException>(home.SeeAsync())).Message.ShouldContain("dr-01.simulation is damaged at line 3");
    }

    [Fact]
    public async Task Power_taken_away_by_a_third_process_is_seen_by_both()
    {
        await using var pair = new SharedPair(PairScenario.Reversed);
        var home = await pair.OpenAsync(SharedPair.Home);
        var recovery = await pair.OpenAsync(SharedPair.Recovery);
        await using var look = await pair.LookAsync();

        look.Second.FailPower();

        (await Should.ThrowAsync<CimException>(recovery.SeeAsync())).ErrorCode.ShouldBe(CimErrorCode.RpcServerUnavailable);
        (await home.SeeAsync()).Relationship!.Health.ShouldBe(ReplicationHealth.Warning, "nothing comes any more");
        pair.Pass(60);
        look.Second.ReturnPower();
        (await recovery.StateAsync()).ShouldBe((ReplicationMode.Primary, ReplicationState.WaitingForStartResynchronize));
    }

    [Fact]
    public async Task Copy_of_a_host_leaves_everything_as_it_is()
    {
        await using var pair = new SharedPair(PairScenario.Reversed);
        var recovery = await pair.OpenAsync(SharedPair.Recovery);
        await recovery.ShutDownAsync();
        pair.Pass(30);
        await using (var copy = await SimulatedHost.OpenCopyAsync(pair.Estate, SharedPair.Recovery, pair.Options with { PairDirectory = pair.Directory }, pair.Time, Stage.Token))
        {
            copy.Rename(pair.Id.Value, "another");
            var copied = new HyperVHost(copy.OpenSession(), pair.Time);
            (await copied.FindVirtualMachineAsync(pair.Id, Stage.Token)).ShouldNotBeNull().EnabledState.ShouldBe(EnabledState.Off);
        }

        (await recovery.SeeAsync()).Name.ShouldBe("sql-01");
    }
}
