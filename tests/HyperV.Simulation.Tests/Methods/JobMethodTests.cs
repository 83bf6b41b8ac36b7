using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Jobs;
using HostAgent.HyperV.Replication;
using HostAgent.HyperV.Simulation.Estates;

namespace HostAgent.HyperV.Simulation.Tests.Methods;

public sealed class JobMethodTests
{
    [Fact]
    public async Task Terminating_starts_a_transition_that_ends_in_terminated_and_the_former_state()
    {
        await using var stage = await Stage.OpenAsync();
        var path = await stage.StartAsync();
        stage.Pass(60);
        (await ChangeAsync(stage, path, 4)).ShouldBe(JobStateChangeCode.TransitionStarted);
        (await stage.JobAsync(path)).State.ShouldBe(JobState.ShuttingDown);
        (await ChangeAsync(stage, path, 4)).ShouldBe(JobStateChangeCode.Busy);
        stage.Pass(2);
        var job = await stage.JobAsync(path);
        job.State.ShouldBe(JobState.Terminated);
        job.PercentComplete.ShouldBe(22);
        (await stage.StateAsync()).ShouldBe(ReplicationState.Recovered);
        (await ChangeAsync(stage, path, 4)).ShouldBe(JobStateChangeCode.InvalidTransition);
    }

    [Fact]
    public async Task A_cancelled_failback_leaves_unusable_disks_where_the_provider_is_such_a_one()
    {
        await using var stage = await Stage.OpenAsync(Stage.HostOf(Stage.Machine()) with { AfterCancel = AfterInterruption.Critical });
        var path = await stage.StartAsync();
        await ChangeAsync(stage, path, 4);
        stage.Pass(2);
        (await stage.StateAsync()).ShouldBe(ReplicationState.Critical);
    }

    [Fact]
    public async Task Once_merging_the_job_is_not_cancellable()
    {
        await using var stage = await Stage.OpenAsync();
        var path = await stage.StartAsync();
        stage.Pass(184);
        (await stage.JobAsync(path)).Cancellable.ShouldBeTrue();
        stage.Pass(1);
        (await stage.JobAsync(path)).Cancellable.ShouldBeFalse();
        (await ChangeAsync(stage, path, 4)).ShouldBe(JobStateChangeCode.InvalidTransition);
        stage.Pass(60);
        (await stage.JobAsync(path)).State.ShouldBe(JobState.Completed);
    }

    [Theory]
    [InlineData(2, JobStateChangeCode.NotSupported)]
    [InlineData(3, JobStateChangeCode.NotSupported)]
    [InlineData(6, JobStateChangeCode.NotSupported)]
    [InlineData(7, JobStateChangeCode.InvalidParameter)]
    [InlineData(null, JobStateChangeCode.InvalidParameter)]
    public async Task Other_requests_are_refused(int? state, JobStateChangeCode expected)
    {
        await using var stage = await Stage.OpenAsync();
        (await ChangeAsync(stage, await stage.StartAsync(), state)).ShouldBe(expected);
    }

    [Fact]
    public async Task A_timeout_is_not_supported()
    {
        await using var stage = await Stage.OpenAsync();
        var path = await stage.StartAsync();
        var result = await stage.Session.InvokeMethodAsync(
            path, "RequestStateChange", new Dictionary<string, object?> { ["RequestedState"] = (ushort)4, ["TimeoutPeriod"] = TimeSpan.FromMinutes(1) }, Stage.Token);
        ((JobStateChangeCode)result.ReturnValue).ShouldBe(JobStateChangeCode.TimeoutParameterNotSupported);
    }

    [Fact]
    public async Task A_job_without_an_error_has_none()
    {
        await using var stage = await Stage.OpenAsync();
        var path = await stage.StartAsync();
        var result = await stage.Session.InvokeMethodAsync(path, "GetErrorEx", new Dictionary<string, object?>(), Stage.Token);
        result.ReturnValue.ShouldBe(0u);
        result.Outputs["Errors"].ShouldBeNull();
        (await stage.Session.InvokeMethodAsync(path, "GetError", new Dictionary<string, object?>(), Stage.Token)).Outputs["Error"].ShouldBeNull();
    }

    [Theory]
    [InlineData("KillJob")]
    public async Task Methods_that_exist_only_to_refuse_refuse(string method)
    {
        await using var stage = await Stage.OpenAsync();
        (await stage.Session.InvokeMethodAsync(await stage.StartAsync(), method, new Dictionary<string, object?>(), Stage.Token)).ReturnValue.ShouldBe(1u);
    }

    [Fact]
    public async Task Methods_of_a_job_that_is_gone_are_not_found()
    {
        await using var stage = await Stage.OpenAsync();
        var path = await stage.StartAsync();
        stage.Host.RestartManagementService();
        (await stage.Door.RequestJobTerminationAsync(path, Stage.Token)).Code.ShouldBeNull();
        (await stage.Door.GetJobErrorsAsync(path, Stage.Token)).ShouldBeEmpty();
    }

    private static async Task<JobStateChangeCode> ChangeAsync(Stage stage, CimObjectPath path, int? state)
    {
        var inputs = new Dictionary<string, object?> { ["RequestedState"] = state is { } number ? (ushort)number : null };
        return (JobStateChangeCode)(await stage.Session.InvokeMethodAsync(path, "RequestStateChange", inputs, Stage.Token)).ReturnValue;
    }
}
