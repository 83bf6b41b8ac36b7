using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Jobs;
using HostAgent.HyperV.Simulation.Faults;

namespace HostAgent.HyperV.Simulation.Tests.Faults;

/// <summary>Answers and events that come late, or not at all.</summary>
public sealed class CallAndEventFaultTests
{
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task A_slow_host_answers_late_and_what_it_did_it_did_at_once()
    {
        await using var stage = await OpenAsync(new SlowCallsFault(TimeSpan.FromSeconds(5)) { Times = 1 });
        var late = stage.Session.ListInstancesAsync(HyperVClasses.ComputerSystem, [], Stage.Token);
        stage.Pass(4.9);
        late.IsCompleted.ShouldBeFalse();
        stage.Pass(0.1);
        (await late).Count.ShouldBe(2);
        (await stage.Door.ListVirtualMachinesAsync(Stage.Token)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_caller_that_gives_up_on_a_slow_call_does_not_take_it_back()
    {
        await using var stage = await OpenAsync(new SlowCallsFault(TimeSpan.FromSeconds(5)));
        var id = stage.Host.Description.VirtualMachines[0].Id;
        var service = new CimObjectPath(HyperVClasses.ReplicationService, [
            new("CreationClassName", "Msvm_ReplicationService"), new("Name", "replicasvc"), new("SystemCreationClassName", "Msvm_ComputerSystem"), new("SystemName", "hv-west-01")]);
        string settings;
        await using (var plain = await Stage.OpenAsync())
        {
            settings = (await plain.Door.GetReplicationSettingsAsync(new(id), Stage.Token))!.ToEmbeddedText();
        }

        using var deadline = new CancellationTokenSource();
        var call = stage.Session.InvokeMethodAsync(
            service, "InitiateFailback",
            new Dictionary<string, object?> { ["ComputerSystem"] = Methods.Operator.PathOf(new(id)), ["ReplicationSettingData"] = settings }, deadline.Token);
        await deadline.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => call);
        stage.Host.Initiations.Total.ShouldBe(1);
    }

    [Fact]
    public async Task Lost_events_leave_only_reading()
    {
        await using var stage = await OpenAsync(new EventsLostFault());
        await using var events = stage.Door.WatchJobsAsync(Within, Stage.Token).GetAsyncEnumerator(Stage.Token);
        var next = events.MoveNextAsync().AsTask();
        var job = await stage.StartAsync();
        for (var second = 0; second < 250; second++)
        {
            stage.Pass(1);
        }

        next.IsCompleted.ShouldBeFalse();
        (await stage.JobAsync(job)).State.ShouldBe(JobState.Completed);
        await stage.Host.DisposeAsync();
        await Should.ThrowAsync<CimException>(() => next);
    }

    [Fact]
    public async Task Half_of_the_events_are_lost_evenly()
    {
        await using var stage = await OpenAsync(new EventsLostFault { Percent = 50 });
        await using var events = stage.Session.WatchInstancesAsync(HyperVClasses.ComputerSystem, Within, Stage.Token).GetAsyncEnumerator(Stage.Token);
        var next = events.MoveNextAsync().AsTask();
        var id = stage.Host.Description.VirtualMachines[0].Id;
        for (var change = 1; change <= 4; change++)
        {
            stage.Host.Rename(id, $"name-{change}");
            stage.Pass(1);
        }

        (await next).ShouldBeTrue();
        events.Current.Instance["ElementName"].ShouldBe("name-1");
        (await events.MoveNextAsync()).ShouldBeTrue();
        events.Current.Instance["ElementName"].ShouldBe("name-3");
    }

    [Fact]
    public async Task Late_events_come_with_what_was_true_then()
    {
        await using var stage = await OpenAsync(new EventsLateFault(TimeSpan.FromSeconds(10)));
        await using var events = stage.Door.WatchJobsAsync(Within, Stage.Token).GetAsyncEnumerator(Stage.Token);
        var next = events.MoveNextAsync().AsTask();
        await stage.StartAsync();
        stage.Pass(1);
        stage.Pass(9);
        next.IsCompleted.ShouldBeFalse();
        stage.Pass(1);
        (await next).ShouldBeTrue();
        events.Current.Kind.ShouldBe(CimInstanceEventKind.Created);
        events.Current.Job.State.ShouldBe(JobState.Starting);
    }

    private static Task<Stage> OpenAsync(Fault fault) => Stage.OpenAsync(Stage.HostOf(Stage.Machine()) with { Faults = [fault] });
}
