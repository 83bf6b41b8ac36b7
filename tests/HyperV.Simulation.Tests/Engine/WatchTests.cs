using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Jobs;

namespace HostAgent.HyperV.Simulation.Tests.Engine;

public sealed class WatchTests
{
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task A_job_is_seen_to_appear_change_and_go()
    {
        await using var stage = await Stage.OpenAsync();
        await using var events = stage.Door.WatchJobsAsync(Within, Stage.Token).GetAsyncEnumerator(Stage.Token);
        var next = events.MoveNextAsync();
        await stage.StartAsync();

        stage.Pass(1);
        (await next).ShouldBeTrue();
        events.Current.Kind.ShouldBe(CimInstanceEventKind.Created);

        stage.Pass(10);
        (await events.MoveNextAsync()).ShouldBeTrue();
        events.Current.Kind.ShouldBe(CimInstanceEventKind.Modified);
        events.Current.Job.State.ShouldBe(JobState.Running);

        stage.Pass(250);
        (await events.MoveNextAsync()).ShouldBeTrue();
        events.Current.Job.State.ShouldBe(JobState.Completed);

        stage.Pass(300);
        (await events.MoveNextAsync()).ShouldBeTrue();
        events.Current.Kind.ShouldBe(CimInstanceEventKind.Deleted);
        events.Current.Job.State.ShouldBe(JobState.Completed);
    }

    [Fact]
    public async Task A_job_that_only_grows_older_is_no_event()
    {
        await using var stage = await Stage.OpenAsync(Stage.HostOf(Stage.Machine() with { Faults = [new Simulation.Faults.PercentStuckFault { AtPercent = 0 }] }));
        await stage.StartAsync();
        stage.Pass(60);
        await using var events = stage.Door.WatchJobsAsync(Within, Stage.Token).GetAsyncEnumerator(Stage.Token);
        var next = events.MoveNextAsync().AsTask();
        for (var second = 0; second < 30; second++)
        {
            stage.Pass(1);
        }

        next.IsCompleted.ShouldBeFalse();
        stage.Host.RestartManagementService();
        stage.Pass(1);
        (await next).ShouldBeTrue();
        events.Current.Kind.ShouldBe(CimInstanceEventKind.Deleted);
    }

    [Fact]
    public async Task Watches_of_several_sessions_with_their_own_rhythm_share_one_timer()
    {
        await using var stage = await Stage.OpenAsync();
        await using var other = stage.Host.OpenSession();
        await using var fast = stage.Session.WatchInstancesAsync("Msvm_ConcreteJob", TimeSpan.FromSeconds(1), Stage.Token).GetAsyncEnumerator(Stage.Token);
        await using var slow = other.WatchInstancesAsync("CIM_Job", TimeSpan.FromSeconds(30), Stage.Token).GetAsyncEnumerator(Stage.Token);
        var fastNext = fast.MoveNextAsync().AsTask();
        var slowNext = slow.MoveNextAsync().AsTask();
        await stage.StartAsync();
        stage.Pass(1);
        (await fastNext).ShouldBeTrue();
        slowNext.IsCompleted.ShouldBeFalse();
        stage.Pass(29);
        (await slowNext).ShouldBeTrue();
        slow.Current.Kind.ShouldBe(CimInstanceEventKind.Created);
    }

    [Fact]
    public async Task Closing_the_host_ends_its_watches_with_an_error()
    {
        var stage = await Stage.OpenAsync();
        await using var events = stage.Session.WatchInstancesAsync("Msvm_ConcreteJob", Within, Stage.Token).GetAsyncEnumerator(Stage.Token);
        var next = events.MoveNextAsync().AsTask();
        await stage.Host.DisposeAsync();
        (await Should.ThrowAsync<CimException>(() => next)).ErrorCode.ShouldBe(CimErrorCode.ShuttingDown);
        (await Should.ThrowAsync<CimException>(() => stage.Session.ListInstancesAsync("Msvm_ConcreteJob", [], Stage.Token))).ErrorCode.ShouldBe(CimErrorCode.ShuttingDown);
    }

    [Fact]
    public async Task Closing_a_session_ends_its_watches_and_no_others()
    {
        await using var stage = await Stage.OpenAsync();
        var other = stage.Host.OpenSession();
        await using var mine = stage.Session.WatchInstancesAsync("Msvm_ConcreteJob", Within, Stage.Token).GetAsyncEnumerator(Stage.Token);
        await using var theirs = other.WatchInstancesAsync("Msvm_ConcreteJob", Within, Stage.Token).GetAsyncEnumerator(Stage.Token);
        var mineNext = mine.MoveNextAsync().AsTask();
        var theirsNext = theirs.MoveNextAsync().AsTask();
        await other.DisposeAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => theirsNext);
        await Should.ThrowAsync<ObjectDisposedException>(() => other.ListInstancesAsync("Msvm_ConcreteJob", [], Stage.Token));
        await stage.StartAsync();
        stage.Pass(1);
        (await mineNext).ShouldBeTrue();
    }

    [Fact]
    public async Task A_watch_on_a_class_that_does_not_exist_fails()
    {
        await using var stage = await Stage.OpenAsync();
        await using var events = stage.Session.WatchInstancesAsync("Msvm_NoSuchClass", Within, Stage.Token).GetAsyncEnumerator(Stage.Token);
        (await Should.ThrowAsync<CimException>(() => events.MoveNextAsync().AsTask())).ErrorCode.ShouldBe(CimErrorCode.InvalidClass);
    }

    [Fact]
    public async Task A_session_takes_calls_from_several_threads_at_once()
    {
        await using var stage = await Stage.OpenAsync();
        var calls = Enumerable.Range(0, 32).Select(_ => Task.Run(() => stage.InitiateAsync(), Stage.Token));
        (await Task.WhenAll(calls)).Count(answer => answer.Code == Failback.ReturnCode.JobStarted).ShouldBe(1);
        stage.Host.Initiations.Total.ShouldBe(1);
    }
}
