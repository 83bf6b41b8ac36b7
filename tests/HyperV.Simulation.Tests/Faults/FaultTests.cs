using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Failback;
using HostAgent.HyperV.Jobs;
using HostAgent.HyperV.Replication;
using HostAgent.HyperV.Simulation.Estates;
using HostAgent.HyperV.Simulation.Faults;
using HostAgent.HyperV.Simulation.Plans;

namespace HostAgent.HyperV.Simulation.Tests.Faults;

public sealed class FaultTests
{
    [Theory]
    [InlineData(ReturnCode.Failed)]
    [InlineData(ReturnCode.AccessDenied)]
    [InlineData(ReturnCode.NotSupported)]
    [InlineData(ReturnCode.StatusUnknown)]
    [InlineData(ReturnCode.Timeout)]
    [InlineData(ReturnCode.InvalidParameter)]
    [InlineData(ReturnCode.SystemInUse)]
    [InlineData(ReturnCode.InvalidState)]
    [InlineData(ReturnCode.IncorrectDataType)]
    [InlineData(ReturnCode.SystemNotAvailable)]
    [InlineData(ReturnCode.OutOfMemory)]
    [InlineData(ReturnCode.FileNotFound)]
    [InlineData((ReturnCode)55555)]
    public async Task A_code_is_answered_so_many_times_and_nothing_takes_effect(ReturnCode code)
    {
        await using var stage = await OpenAsync(new AnswerFault(code) { Times = 2 });
        (await stage.InitiateAsync()).Code.ShouldBe(code);
        (await stage.InitiateAsync()).Code.ShouldBe(code);
        stage.Host.Initiations.Total.ShouldBe(0);
        (await stage.StateAsync()).ShouldBe(ReplicationState.Recovered);
        (await stage.InitiateAsync()).Code.ShouldBe(ReturnCode.JobStarted);
        stage.Host.Initiations.Total.ShouldBe(1);
    }

    [Fact]
    public async Task Answering_at_once_is_0_without_a_job_and_the_failback_is_complete()
    {
        await using var stage = await OpenAsync(new SynchronousAnswerFault());
        (await stage.InitiateAsync()).ShouldBe(new FailbackAnswer(ReturnCode.Completed, null));
        (await stage.StateAsync()).ShouldBe(ReplicationState.FailbackComplete);
        stage.Host.Initiations.All.ShouldHaveSingleItem().JobId.ShouldBeNull();
        (await stage.InitiateAsync()).Code.ShouldBe(ReturnCode.InvalidState);
    }

    [Fact]
    public async Task A_call_that_another_caller_was_ahead_of_is_refused_and_their_failback_runs()
    {
        await using var stage = await OpenAsync(new RacedFault { Times = 1 });
        (await stage.InitiateAsync()).ShouldBe(new FailbackAnswer(ReturnCode.SystemInUse, null));
        (await stage.StateAsync()).ShouldBe(ReplicationState.FailbackInProgress);
        stage.Host.Initiations.Total.ShouldBe(1, "the host counts what takes effect, whosoever call it was");
        (await stage.Door.ListJobsAsync(new(stage.Host.Description.VirtualMachines[0].Id), Stage.Token)).ShouldHaveSingleItem().MayBeFailback.ShouldBeTrue();
        (await stage.InitiateAsync()).Code.ShouldBe(ReturnCode.SystemInUse, "now it is busy indeed");
        stage.Pass(245);
        (await stage.StateAsync()).ShouldBe(ReplicationState.FailbackComplete);
        stage.Host.Initiations.Total.ShouldBe(1);
    }

    [Fact]
    public async Task A_host_of_another_language_keeps_names_and_numbers_and_translates_the_rest()
    {
        await using var stage = await Stage.OpenAsync(Stage.HostOf(Stage.Machine("Sales (old) 'east'") with
        {
            Faults = [new JobEndsFault { ErrorCode = 32777, AtPercent = 50 }],
            Health = ReplicationHealth.Warning,
        }) with
        { Faults = [new LocalisedTextsFault()] });
        var id = new VirtualMachines.VirtualMachineId(stage.Host.Description.VirtualMachines[0].Id);
        var systems = await stage.Session.ListInstancesAsync(HyperVClasses.ComputerSystem, [], Stage.Token);
        systems.Select(system => system["Caption"]).ShouldBe(["Höşţîñğ Çömpüţéř Şýşţém", "Vîřţüåł Måçhîñé"], ignoreOrder: true);
        (await stage.Door.ListVirtualMachinesAsync(Stage.Token)).ShouldHaveSingleItem().Name.ShouldBe("Sales (old) 'east'", "the host's own row is told apart without its caption");

        var path = await stage.StartAsync();
        stage.Pass(245);
        var job = await stage.JobAsync(path);
        job.State.ShouldBe(JobState.Exception);
        job.ErrorDescription.ShouldNotBeNull().ShouldContain("fåîłéđ");
        job.ErrorDescription.ShouldContain("'Sales (old) 'east''");
        job.ErrorDescription.ShouldContain("(0x00002EFD)");
        var error = (await stage.Door.GetJobErrorsAsync(path, Stage.Token)).ShouldHaveSingleItem();
        error.Message.ShouldNotBeNull().ShouldContain(id.ToString());
        (await stage.Door.GetReplicationStatisticsAsync(id, Stage.Token))!.HealthIssues.ShouldHaveSingleItem().Message.ShouldNotBeNull().ShouldContain("ñééđş");
    }

    [Theory]
    [InlineData(SimulatedJobClass.StorageJob, "Msvm_StorageJob")]
    [InlineData(SimulatedJobClass.MigrationJob, "Msvm_MigrationJob")]
    public async Task A_job_of_another_class_is_found_by_the_class_in_its_path_alone(SimulatedJobClass jobClass, string className)
    {
        await using var stage = await OpenAsync(new JobOfAnotherClassFault { JobClass = jobClass }, new JobEndsFault { AtPercent = 50 });
        var path = await stage.StartAsync();
        path.ClassName.ShouldBe(className);
        (await stage.JobAsync(path)).JobType.ShouldBe(JobType.InitiateFailback);
        var plain = CimObjectPath.ForKey(HyperVClasses.ConcreteJob, "InstanceID", (string)path.Keys["InstanceID"]);
        (await stage.Session.GetInstanceAsync(plain, Stage.Token)).ShouldBeNull();
        (await stage.Session.ListInstancesAsync(HyperVClasses.ConcreteJob, [], Stage.Token)).ShouldBeEmpty();
        (await stage.Door.ListJobsAsync(new(stage.Host.Description.VirtualMachines[0].Id), Stage.Token)).ShouldHaveSingleItem().Path.ShouldBe(path);
        stage.Pass(245);
        (await stage.JobAsync(path)).State.ShouldBe(JobState.Exception);
        (await stage.Door.GetJobErrorsAsync(path, Stage.Token)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_job_in_the_way_lasts_as_long_as_it_should()
    {
        await using var stage = await OpenAsync(new InUseFault { Duration = TimeSpan.FromMinutes(10) });
        (await stage.InitiateAsync()).Code.ShouldBe(ReturnCode.SystemInUse);
        var job = (await stage.Door.ListJobsAsync(new(stage.Host.Description.VirtualMachines[0].Id), Stage.Token)).ShouldHaveSingleItem();
        job.JobType.ShouldBe(JobType.Backup);
        job.MayBeFailback.ShouldBeFalse();
        stage.Pass(600);
        (await stage.InitiateAsync()).Code.ShouldBe(ReturnCode.JobStarted);
    }

    [Fact]
    public async Task A_host_that_denies_access_denies_every_call()
    {
        await using var stage = await Stage.OpenAsync(Stage.HostOf(Stage.Machine()) with { Faults = [new AccessDeniedFault()] });
        var path = CimObjectPath.ForKey("Msvm_ConcreteJob", "InstanceID", "X");
        (await Should.ThrowAsync<CimException>(() => stage.Door.DescribeAsync(Stage.Token))).ErrorCode.ShouldBe(CimErrorCode.AccessDenied);
        (await Should.ThrowAsync<CimException>(() => stage.Session.GetInstanceAsync(path, Stage.Token))).ErrorCode.ShouldBe(CimErrorCode.AccessDenied);
        (await Should.ThrowAsync<CimException>(() => stage.Session.InvokeMethodAsync(path, "GetErrorEx", new Dictionary<string, object?>(), Stage.Token)))
            .ErrorCode.ShouldBe(CimErrorCode.AccessDenied);
    }

    [Fact]
    public async Task A_host_that_shows_nothing_shows_nothing_without_an_error()
    {
        await using var stage = await Stage.OpenAsync(Stage.HostOf(Stage.Machine()) with { Faults = [new EmptyResultFault()] });
        (await stage.Session.ListInstancesAsync("Msvm_ComputerSystem", [], Stage.Token)).ShouldBeEmpty();
        (await stage.Door.DescribeAsync(Stage.Token)).ReplicationServiceAvailable.ShouldBeFalse();
    }

    [Fact]
    public async Task A_job_that_fails_says_why_and_leaves_the_machine_critical()
    {
        await using var stage = await OpenAsync(new JobEndsFault { ErrorCode = 32777, Description = "The line is dead.", AtPercent = 50 });
        var path = await stage.StartAsync();
        stage.Pass(125);

        var job = await stage.JobAsync(path);
        job.State.ShouldBe(JobState.Exception);
        job.ErrorCode.ShouldBe(32777u);
        job.PercentComplete.ShouldBe(50);
        job.ErrorDescription.ShouldNotBeNull().ShouldContain("The line is dead.");
        job.ErrorDescription.ShouldContain("sql-01");
        var error = (await stage.Door.GetJobErrorsAsync(path, Stage.Token)).ShouldHaveSingleItem();
        error.Message.ShouldBe(job.ErrorDescription);
        (await stage.StateAsync()).ShouldBe(ReplicationState.Critical);
        (await stage.InitiateAsync()).Code.ShouldBe(ReturnCode.InvalidState);
    }

    [Fact]
    public async Task A_failed_failback_can_be_repeated_where_the_host_returns_to_the_former_state()
    {
        var host = Stage.HostOf(Stage.Machine() with { Faults = [new JobEndsFault { Times = 1 }] }) with { AfterFailure = AfterInterruption.FormerState };
        await using var stage = await Stage.OpenAsync(host);
        await stage.StartAsync();
        stage.Pass(245);
        (await stage.StateAsync()).ShouldBe(ReplicationState.Recovered);

        var second = await stage.StartAsync();
        stage.Pass(245);

        (await stage.JobAsync(second)).Verdict.ShouldBe(JobVerdict.Succeeded);
        stage.Host.Initiations.For(host.VirtualMachines[0].Id).ShouldBe(2);
    }

    [Theory]
    [InlineData(JobState.Terminated, 0, ReplicationState.Critical)]
    [InlineData(JobState.Killed, 32768, ReplicationState.Critical)]
    [InlineData((JobState)40000, 32768, ReplicationState.Critical)]
    [InlineData(JobState.Completed, 32768, ReplicationState.Critical)]
    [InlineData(JobState.CompletedWithWarnings, 0, ReplicationState.FailbackComplete)]
    public async Task A_job_ends_in_any_state(JobState state, int errorCode, ReplicationState left)
    {
        await using var stage = await OpenAsync(new JobEndsFault { JobState = state, ErrorCode = (ushort)errorCode });
        var path = await stage.StartAsync();
        stage.Pass(245);
        var job = await stage.JobAsync(path);
        job.State.ShouldBe(state);
        job.ErrorCode.ShouldBe((uint)errorCode);
        (await stage.StateAsync()).ShouldBe(left);
    }

    [Fact]
    public async Task A_job_that_vanishes_leaves_the_state_and_no_record()
    {
        await using var stage = await OpenAsync(new JobVanishesFault { AtPercent = 50 });
        var path = await stage.StartAsync();
        stage.Pass(124);
        (await stage.JobAsync(path)).State.ShouldBe(JobState.Running);
        stage.Pass(1);
        (await stage.Door.GetJobAsync(path, Stage.Token)).ShouldBeNull();
        (await stage.StateAsync()).ShouldBe(ReplicationState.FailbackInProgress);
        (await stage.InitiateAsync()).Code.ShouldBe(ReturnCode.InvalidState);
        stage.Host.Initiations.Total.ShouldBe(1);
    }

    [Fact]
    public async Task A_vanished_job_may_have_done_its_work()
    {
        await using var stage = await OpenAsync(new JobVanishesFault { AtPercent = 100, State = ReplicationState.FailbackComplete });
        var path = await stage.StartAsync();
        stage.Pass(245);
        (await stage.Door.GetJobAsync(path, Stage.Token)).ShouldBeNull();
        (await stage.StateAsync()).ShouldBe(ReplicationState.FailbackComplete);
    }

    [Fact]
    public async Task A_stuck_job_stays_where_it_is_until_it_is_cancelled()
    {
        await using var stage = await OpenAsync(new PercentStuckFault { AtPercent = 40 });
        var path = await stage.StartAsync();
        stage.Time.Advance(TimeSpan.FromDays(1));
        var job = await stage.JobAsync(path);
        job.State.ShouldBe(JobState.Running);
        job.PercentComplete.ShouldBe(40);
        (await stage.Door.RequestJobTerminationAsync(path, Stage.Token)).IsAccepted.ShouldBeTrue();
        stage.Pass(2);
        (await stage.JobAsync(path)).State.ShouldBe(JobState.Terminated);
    }

    [Fact]
    public async Task A_stuck_transfer_does_not_take_bandwidth()
    {
        var host = Stage.HostOf(Stage.Machine("a", 1) with { Faults = [new PercentStuckFault { AtPercent = 60 }] }, Stage.Machine("b", 2));
        await using var stage = await Stage.OpenAsync(host);
        await stage.StartAsync(new(host.VirtualMachines[0].Id));
        stage.Pass(1000);
        var path = await stage.StartAsync(new(host.VirtualMachines[1].Id));
        stage.Pass(245);
        (await stage.JobAsync(path)).State.ShouldBe(JobState.Completed);
    }

    [Fact]
    public async Task Percent_may_jump_from_0_to_100()
    {
        await using var stage = await OpenAsync(new PercentJumpsFault());
        var path = await stage.StartAsync();
        stage.Pass(244);
        (await stage.JobAsync(path)).PercentComplete.ShouldBe(0);
        stage.Pass(1);
        (await stage.JobAsync(path)).PercentComplete.ShouldBe(100);
    }

    [Fact]
    public async Task Percent_may_go_back_once_and_rise_again()
    {
        await using var stage = await OpenAsync(new PercentGoesBackFault { AtPercent = 50, By = 30 });
        var path = await stage.StartAsync();
        stage.Pass(124);
        (await stage.JobAsync(path)).PercentComplete.ShouldBe(49);
        stage.Pass(1);
        (await stage.JobAsync(path)).PercentComplete.ShouldBe(20);
        stage.Pass(120);
        (await stage.JobAsync(path)).PercentComplete.ShouldBe(100);
    }

    [Fact]
    public async Task A_restart_of_the_host_takes_all_jobs_and_no_state()
    {
        var host = Stage.HostOf(Stage.Machine("a", 1), Stage.Machine("b", 2)) with { Faults = [new HostRestartsFault { AtPercent = 20 }] };
        await using var stage = await Stage.OpenAsync(host);
        var first = await stage.StartAsync(new(host.VirtualMachines[0].Id));
        var second = await stage.StartAsync(new(host.VirtualMachines[1].Id));
        stage.Pass(300);
        (await stage.Door.GetJobAsync(first, Stage.Token)).ShouldBeNull();
        (await stage.Door.GetJobAsync(second, Stage.Token)).ShouldBeNull();
        foreach (var machine in host.VirtualMachines)
        {
            (await stage.StateAsync(new(machine.Id))).ShouldBe(ReplicationState.FailbackInProgress);
        }

        stage.Host.Initiations.Total.ShouldBe(2);
    }

    [Fact]
    public async Task The_management_service_can_be_restarted_by_hand()
    {
        await using var stage = await Stage.OpenAsync();
        var path = await stage.StartAsync();
        stage.Host.RestartManagementService();
        (await stage.Door.GetJobAsync(path, Stage.Token)).ShouldBeNull();
        (await stage.StateAsync()).ShouldBe(ReplicationState.FailbackInProgress);
    }

    [Fact]
    public async Task Faults_of_one_machine_combine()
    {
        await using var stage = await OpenAsync(new AnswerFault(ReturnCode.SystemInUse) { Times = 1 }, new PercentJumpsFault(), new JobEndsFault());
        (await stage.InitiateAsync()).Code.ShouldBe(ReturnCode.SystemInUse);
        var path = await stage.StartAsync();
        stage.Pass(90);
        (await stage.JobAsync(path)).PercentComplete.ShouldBe(0);
        stage.Pass(60);
        (await stage.JobAsync(path)).State.ShouldBe(JobState.Exception);
    }

    private static Task<Stage> OpenAsync(params IReadOnlyList<Fault> faults) => Stage.OpenAsync(Stage.HostOf(Stage.Machine() with { Faults = faults }));
}
