using HostAgent.HyperV.Captures;
using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Failback;
using HostAgent.HyperV.Jobs;
using HostAgent.HyperV.Replication;
using HostAgent.HyperV.VirtualMachines;

namespace HostAgent.HyperV.Wine.Harness.Cases;

/// <summary>What the domain asks of a host and hands to it is the same on both sides of WMI.</summary>
internal sealed class DomainCases : ServedCases
{
    private ICimSession? _session;

    private ICimSession Session => _session!;

    private HyperVHost Door => new(Session, TimeProvider.System);

    private VirtualMachineId Machine => new(Served.MachineId);

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _session = await ConnectAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await Session.DisposeAsync();
        await base.DisposeAsync();
    }

    /// <summary>Every property of every instance arrives with its type and its value.</summary>
    [Theory]
    [InlineData("Msvm_ComputerSystem", 3)]
    [InlineData("Msvm_ReplicationRelationship", 2)]
    [InlineData("Msvm_ReplicationSettingData", 2)]
    [InlineData("Msvm_ReplicationService", 1)]
    [InlineData("Msvm_ReplicationServiceSettingData", 1)]
    [InlineData("Msvm_ReplicationProvider", 2)]
    [InlineData("Msvm_VirtualSystemSettingData", 2)]
    [InlineData("Msvm_ConcreteJob", 1)]
    public async Task Instances_of_a_class_arrive_whole(string className, int atLeast)
    {
        Served.Host.StartOtherJob(Served.MachineId, JobType.Backup, duration: null);
        var sent = await Served.Simulated.ListInstancesAsync(className, [], Token);
        var arrived = await Session.ListInstancesAsync(className, [], Token);
        sent.Count.ShouldBeGreaterThanOrEqualTo(atLeast);
        arrived.Count.ShouldBe(sent.Count);
        foreach (var (there, here) in sent.Zip(arrived))
        {
            here.Path.ShouldBe(there.Path);
            here.ClassName.ShouldBe(there.ClassName);
            here.Properties.Keys.ShouldBe(there.Properties.Keys, ignoreOrder: true);
            foreach (var (name, value) in there.Properties)
            {
                here[name].ShouldBe(value, $"{className}.{name}");
                here[name]?.GetType().ShouldBe(value!.GetType(), $"{className}.{name}");
            }
        }
    }

    [Fact]
    public async Task Settings_text_arrives_as_it_was_sent()
    {
        var settings = (await Door.GetReplicationSettingsAsync(Machine, Token)).ShouldNotBeNull();
        var answer = await Door.InitiateFailbackAsync(new FailbackCall(Machine, settings.ToEmbeddedText()), Token);
        answer.Code.ShouldBe(ReturnCode.JobStarted);
        var job = (await Door.GetJobAsync(answer.Job.ShouldNotBeNull(), Token)).ShouldNotBeNull();
        job.MayBeFailback.ShouldBeTrue();
        Served.Host.Initiations.Total.ShouldBe(1);
        (await Door.FindVirtualMachineAsync(Machine, Token)).ShouldNotBeNull().ReplicationState.ShouldBe(ReplicationState.FailbackInProgress);
    }

    [Fact]
    public async Task A_refusal_comes_as_the_methods_own_return_code()
    {
        (await InitiateAsync(Session)).Code.ShouldBe(ReturnCode.JobStarted);
        (await InitiateAsync(Session)).Number.ShouldBe(32774u);
        Served.Host.Initiations.Total.ShouldBe(1);
    }

    [Fact]
    public async Task A_job_is_terminated_and_says_what_went_wrong_in_embedded_texts()
    {
        var job = (await InitiateAsync(Session)).Job.ShouldNotBeNull();
        Served.Pass(TimeSpan.FromSeconds(10));
        var request = await Door.RequestJobTerminationAsync(job, Token);
        request.Code.ShouldBe(JobStateChangeCode.TransitionStarted);
        Served.Pass(TimeSpan.FromMinutes(1));
        (await Door.GetJobAsync(job, Token)).ShouldNotBeNull().State.ShouldBe(JobState.Terminated);
        (await Door.GetJobErrorsAsync(job, Token)).ShouldNotBeEmpty();
    }

    [Fact]
    public async Task A_job_that_the_host_has_forgotten_is_null()
    {
        var job = (await InitiateAsync(Session)).Job.ShouldNotBeNull();
        Served.Host.RestartManagementService();
        (await Door.GetJobAsync(job, Token)).ShouldBeNull();
    }

    [Fact]
    public async Task Readiness_is_judged_the_same_on_both_sides()
    {
        var there = await new HyperVHost(Served.Simulated, TimeProvider.System).CheckReadinessAsync(Machine, RecoveryPoints.RecoveryPointSelector.Latest, Token);
        var here = await Door.CheckReadinessAsync(Machine, RecoveryPoints.RecoveryPointSelector.Latest, Token);
        here.Checks.ShouldBe(there.Checks);
        here.RecoveryPoint.ShouldBe(there.RecoveryPoint);
    }

    /// <summary>Every property that the product reads, over the adapter as from the host itself; a path may lack the server.</summary>
    [Fact]
    public async Task A_capture_shows_what_the_host_shows()
    {
        var there = await CaptureAsync(Served.Simulated);
        there.Count.ShouldBe(16);
        (await CaptureAsync(Session)).ShouldBe(there);
    }

    [Fact]
    public async Task An_input_that_the_method_lacks_is_refused_before_anything_is_called()
    {
        var service = (await Session.ListInstancesAsync(HyperVClasses.ReplicationService, [], Token)).ShouldHaveSingleItem().Path.ShouldNotBeNull();
        await CodeShouldBeAsync(
            CimErrorCode.InvalidParameter,
            () => Session.InvokeMethodAsync(service, "InitiateFailback", new Dictionary<string, object?> { ["NoSuchInput"] = "x" }, Token));
        Served.Host.Calls.Methods.ShouldBe(0);
    }

    private async Task<List<string>> CaptureAsync(ICimSession session)
    {
        var lines = new List<string>();
        await foreach (var record in new CaptureRecorder(new HostNamespaces(session), Machine, TimeProvider.System).RecordStateAsync(Token))
        {
            lines.Add(CaptureText.Write(record).Replace($@"\\\\{Served.Host.Description.Name}\\", string.Empty, StringComparison.OrdinalIgnoreCase));
        }

        return lines;
    }
}
