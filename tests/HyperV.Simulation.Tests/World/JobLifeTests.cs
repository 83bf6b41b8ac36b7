using HostAgent.HyperV.Jobs;
using HostAgent.HyperV.Replication;
using HostAgent.HyperV.Simulation.Estates;

namespace HostAgent.HyperV.Simulation.Tests.World;

public sealed class JobLifeTests
{
    [Fact]
    public async Task A_failback_goes_from_new_through_starting_and_running_to_completed()
    {
        await using var stage = await Stage.OpenAsync();
        var path = await stage.StartAsync();

        (await stage.JobAsync(path)).State.ShouldBe(JobState.New);
        stage.Pass(1);
        (await stage.JobAsync(path)).State.ShouldBe(JobState.Starting);
        stage.Pass(4);
        var running = await stage.JobAsync(path);
        running.State.ShouldBe(JobState.Running);
        running.PercentComplete.ShouldBe(0);
        running.JobType.ShouldBe(JobType.InitiateFailback);
        (await stage.StateAsync()).ShouldBe(ReplicationState.FailbackInProgress);

        // 100 s of comparing, 80 s of transfer alone, 60 s of merging.
        stage.Pass(120);
        (await stage.JobAsync(path)).PercentComplete.ShouldBe(50);
        stage.Pass(119);
        (await stage.JobAsync(path)).PercentComplete.ShouldBe(99);
        stage.Pass(1);
        var done = await stage.JobAsync(path);
        done.State.ShouldBe(JobState.Completed);
        done.PercentComplete.ShouldBe(100);
        done.ErrorCode.ShouldBe(0u);
        done.Verdict.ShouldBe(JobVerdict.Succeeded);
        (await stage.StateAsync()).ShouldBe(ReplicationState.FailbackComplete);
    }

    [Fact]
    public async Task The_percentage_only_rises()
    {
        await using var stage = await Stage.OpenAsync();
        var path = await stage.StartAsync();
        var last = 0;
        for (var second = 0; second <= 250; second++)
        {
            var percent = (await stage.JobAsync(path)).PercentComplete.ShouldNotBeNull();
            percent.ShouldBeGreaterThanOrEqualTo(last);
            last = percent;
            stage.Pass(1);
        }

        last.ShouldBe(100);
    }

    [Fact]
    public async Task An_ended_job_is_kept_for_five_minutes_and_is_then_not_found()
    {
        await using var stage = await Stage.OpenAsync();
        var path = await stage.StartAsync();
        stage.Pass(245 + 299);
        (await stage.JobAsync(path)).State.ShouldBe(JobState.Completed);

        stage.Pass(1);

        (await stage.Door.GetJobAsync(path, Stage.Token)).ShouldBeNull();
        (await stage.Door.ListJobsAsync(new(stage.Host.Description.VirtualMachines[0].Id), Stage.Token)).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_five_minutes_count_in_the_hosts_time_unless_a_minimum_is_set()
    {
        await using var plain = await Stage.OpenAsync(options: new SimulationOptions { Speed = 100, MinimumJobRetention = TimeSpan.Zero });
        await using var kept = await Stage.OpenAsync(options: new SimulationOptions { Speed = 100, MinimumJobRetention = TimeSpan.FromSeconds(15) });
        var plainPath = await plain.StartAsync();
        var keptPath = await kept.StartAsync();

        plain.Pass(2.45 + 3);
        kept.Pass(2.45 + 14.9);

        (await plain.Door.GetJobAsync(plainPath, Stage.Token)).ShouldBeNull();
        (await kept.JobAsync(keptPath)).State.ShouldBe(JobState.Completed);
        kept.Pass(0.2);
        (await kept.Door.GetJobAsync(keptPath, Stage.Token)).ShouldBeNull();
    }

    [Fact]
    public async Task Speed_makes_everything_so_many_times_faster()
    {
        await using var stage = await Stage.OpenAsync(options: new SimulationOptions { Speed = 50 });
        var path = await stage.StartAsync();
        stage.Pass(4.89);
        (await stage.JobAsync(path)).State.ShouldBe(JobState.Running);
        stage.Pass(0.01);
        (await stage.JobAsync(path)).State.ShouldBe(JobState.Completed);
    }

    [Fact]
    public async Task Transfers_share_the_link_fairly_whenever_one_begins_or_ends()
    {
        // The second job begins 40 s later. Alone each transfer takes 80 s.
        await using var stage = await Stage.OpenAsync(Stage.HostOf(Stage.Machine("sql-01", 1), Stage.Machine("sql-02", 2)));
        var first = await stage.StartAsync(new(stage.Host.Description.VirtualMachines[0].Id));
        stage.Pass(40);
        var second = await stage.StartAsync(new(stage.Host.Description.VirtualMachines[1].Id));

        // First: transfers alone from 105 to 145 (half), then shares: 80 s more for the other half, until 225; merges until 285.
        stage.Pass(244.9);
        (await stage.JobAsync(first)).State.ShouldBe(JobState.Running);
        stage.Pass(0.1);
        (await stage.JobAsync(first)).State.ShouldBe(JobState.Completed);

        // Second: half by 225, alone from there for 40 s until 265, merges until 325.
        stage.Pass(39.9);
        (await stage.JobAsync(second)).State.ShouldBe(JobState.Running);
        stage.Pass(0.1);
        (await stage.JobAsync(second)).State.ShouldBe(JobState.Completed);
    }

    [Fact]
    public async Task Jobs_beyond_the_hosts_limit_wait_in_new_and_follow_in_order()
    {
        var host = Stage.HostOf(Stage.Machine("a", 1), Stage.Machine("b", 2), Stage.Machine("c", 3)) with { MaxConcurrentJobs = 1 };
        await using var stage = await Stage.OpenAsync(host);
        var paths = new List<Cim.CimObjectPath>();
        foreach (var machine in host.VirtualMachines)
        {
            paths.Add(await stage.StartAsync(new(machine.Id)));
        }

        stage.Pass(244.9);
        (await stage.JobAsync(paths[0])).State.ShouldBe(JobState.Running);
        (await stage.JobAsync(paths[1])).State.ShouldBe(JobState.New);
        stage.Pass(0.1);
        (await stage.JobAsync(paths[0])).State.ShouldBe(JobState.Completed);
        (await stage.JobAsync(paths[1])).State.ShouldBe(JobState.Starting);
        (await stage.JobAsync(paths[2])).State.ShouldBe(JobState.New);
    }

    [Fact]
    public async Task A_completed_failback_wipes_the_recovery_points()
    {
        await using var stage = await Stage.OpenAsync();
        var id = new VirtualMachines.VirtualMachineId(stage.Host.Description.VirtualMachines[0].Id);
        (await stage.Door.ListRecoveryPointsAsync(id, Stage.Token)).Count.ShouldBe(4);
        await stage.StartAsync();

        stage.Pass(245);

        (await stage.Door.ListRecoveryPointsAsync(id, Stage.Token)).ShouldBeEmpty();
    }
}
