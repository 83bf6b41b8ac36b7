using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Failback;
using HostAgent.HyperV.Jobs;
using HostAgent.HyperV.Readiness;
using HostAgent.HyperV.RecoveryPoints;
using HostAgent.HyperV.Replication;
using HostAgent.HyperV.Simulation.Faults;
using HostAgent.HyperV.VirtualMachines;

namespace HostAgent.HyperV.Simulation.Tests.Faults;

/// <summary>What happens to machines while somebody plans with them, or works on them.</summary>
public sealed class MachineFaultTests
{
    [Fact]
    public async Task A_machine_that_moves_in_the_middle_of_its_failback_takes_the_job_along_and_comes_back()
    {
        await using var stage = await OpenAsync(new LeavesFault { AtPercent = 40, ReturnsAfter = TimeSpan.FromMinutes(1) });
        var job = await stage.StartAsync();
        stage.Pass(110);
        (await stage.Door.GetJobAsync(job, Stage.Token)).ShouldBeNull();
        (await stage.Door.FindVirtualMachineAsync(IdOf(stage), Stage.Token)).ShouldBeNull();
        (await stage.Door.ListVirtualMachinesAsync(Stage.Token)).ShouldBeEmpty();
        (await stage.Session.ListInstancesAsync(HyperVClasses.ReplicationRelationship, [], Stage.Token)).ShouldBeEmpty();
        stage.Pass(60);
        (await stage.StateAsync()).ShouldBe(ReplicationState.FailbackInProgress);
    }

    [Fact]
    public async Task A_machine_that_has_left_before_the_call_is_not_found()
    {
        await using var stage = await OpenAsync(new LeavesFault { After = TimeSpan.FromMinutes(5) });
        var settings = (await stage.Door.GetReplicationSettingsAsync(IdOf(stage), Stage.Token))!.ToEmbeddedText();
        stage.Pass(300);
        (await Should.ThrowAsync<CimException>(() => stage.InitiateAsync(settings: settings))).ErrorCode.ShouldBe(CimErrorCode.NotFound);
        stage.Host.Initiations.Total.ShouldBe(0);
    }

    [Fact]
    public async Task A_machine_moves_between_two_hosts()
    {
        var machine = Stage.Machine();
        await using var first = await Stage.OpenAsync(Stage.HostOf(machine));
        await using var second = await Stage.OpenAsync(Stage.HostOf(machine with { Present = false }) with { Name = "hv-west-02" });
        (await second.Door.FindVirtualMachineAsync(new(machine.Id), Stage.Token)).ShouldBeNull();
        first.Host.Remove(machine.Id);
        second.Host.Receive(machine.Id);
        (await first.Door.FindVirtualMachineAsync(new(machine.Id), Stage.Token)).ShouldBeNull();
        (await second.Door.FindVirtualMachineAsync(new(machine.Id), Stage.Token)).ShouldNotBeNull();
        Should.Throw<ArgumentException>(() => first.Host.Remove(Guid.NewGuid()));
    }

    [Fact]
    public async Task A_renamed_machine_keeps_its_identifier()
    {
        await using var stage = await OpenAsync(new RenamedFault("sql-01-old") { After = TimeSpan.FromMinutes(1) });
        stage.Pass(59);
        (await stage.Door.FindVirtualMachineAsync(IdOf(stage), Stage.Token))!.Name.ShouldBe("sql-01");
        stage.Pass(1);
        (await stage.Door.FindVirtualMachineAsync(IdOf(stage), Stage.Token))!.Name.ShouldBe("sql-01-old");
        await stage.StartAsync();
    }

    [Fact]
    public async Task Two_machines_of_one_name_are_told_apart_by_their_identifiers()
    {
        await using var stage = await Stage.OpenAsync(Stage.HostOf(Stage.Machine(number: 1), Stage.Machine(number: 2)));
        var report = await stage.Door.CheckReadinessAsync(IdOf(stage), RecoveryPointSelector.Latest, Stage.Token);
        report.Checks.Single(check => check.Id == ReadinessCheckId.VirtualMachineNameNotUnique).Passed.ShouldBeFalse();
        report.Ready.ShouldBeTrue();
    }

    [Fact]
    public async Task A_recovery_point_that_goes_between_plan_and_call_is_an_invalid_parameter()
    {
        await using var stage = await OpenAsync(new RecoveryPointsGoneFault { After = TimeSpan.FromMinutes(2) });
        var planned = (await stage.Door.ListRecoveryPointsAsync(IdOf(stage), Stage.Token))[0].Identifier;
        stage.Pass(120);
        (await stage.InitiateAsync(point: planned)).Code.ShouldBe(ReturnCode.InvalidParameter);
        var report = await stage.Door.CheckReadinessAsync(IdOf(stage), RecoveryPointSelector.Exactly(planned), Stage.Token);
        report.Obstacles([]).ShouldHaveSingleItem().Id.ShouldBe(ReadinessCheckId.RecoveryPointGone);
    }

    [Theory]
    [InlineData(JobType.MergeDisks, OperationalStatus.MergingDisks)]
    [InlineData(JobType.CreateSnapshot, OperationalStatus.CreatingSnapshot)]
    [InlineData(JobType.ExportVirtualMachine, OperationalStatus.ExportingVirtualMachine)]
    public async Task Somebody_elses_work_begins_in_its_time_and_is_named(JobType type, OperationalStatus work)
    {
        await using var stage = await OpenAsync(new InUseFault { JobType = type, After = TimeSpan.FromMinutes(1), Duration = TimeSpan.FromMinutes(5) });
        stage.Pass(60);
        var machine = (await stage.Door.FindVirtualMachineAsync(IdOf(stage), Stage.Token)).ShouldNotBeNull();
        machine.AcceptsRequests.ShouldBeFalse();
        machine.OperationInProgress.ShouldBe(work);
        (await stage.InitiateAsync()).Code.ShouldBe(ReturnCode.SystemInUse);
        stage.Pass(300);
        await stage.StartAsync();
    }

    [Fact]
    public async Task Somebody_elses_work_does_not_begin_while_the_machine_is_busy()
    {
        await using var stage = await OpenAsync(new InUseFault { JobType = JobType.InitiateFailover, After = TimeSpan.FromMinutes(1) });
        await stage.StartAsync();
        stage.Pass(120);
        (await stage.Door.ListJobsAsync(IdOf(stage), Stage.Token)).ShouldHaveSingleItem().JobType.ShouldBe(JobType.InitiateFailback);
    }

    [Fact]
    public async Task An_answer_that_is_lost_took_effect_all_the_same()
    {
        await using var stage = await OpenAsync(new AnswerLostFault { Times = 1 });
        (await Should.ThrowAsync<CimException>(() => stage.InitiateAsync())).ErrorCode.ShouldBe(CimErrorCode.RpcCallFailed);
        stage.Host.Initiations.Total.ShouldBe(1);
        (await stage.StateAsync()).ShouldBe(ReplicationState.FailbackInProgress);
        (await stage.InitiateAsync()).Code.ShouldBe(ReturnCode.SystemInUse);
    }

    [Fact]
    public async Task Checkpoints_are_no_recovery_points()
    {
        await using var stage = await Stage.OpenAsync(Stage.HostOf(Stage.Machine() with { Checkpoints = ["before update"] }));
        var report = await stage.Door.CheckReadinessAsync(IdOf(stage), RecoveryPointSelector.Latest, Stage.Token);
        report.Obstacles([]).ShouldHaveSingleItem().Observed.ShouldContain("before update");
        (await stage.Door.ListRecoveryPointsAsync(IdOf(stage), Stage.Token)).Count.ShouldBe(4);
    }

    private static VirtualMachineId IdOf(Stage stage) => new(stage.Host.Description.VirtualMachines[0].Id);

    private static Task<Stage> OpenAsync(Fault fault) => Stage.OpenAsync(Stage.HostOf(Stage.Machine() with { Faults = [fault] }));
}
