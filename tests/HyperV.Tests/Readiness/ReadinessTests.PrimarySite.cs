using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Failback;
using HostAgent.HyperV.Jobs;
using HostAgent.HyperV.Readiness;
using HostAgent.HyperV.RecoveryPoints;
using HostAgent.HyperV.Tests.Scripted;
using Microsoft.Extensions.Time.Testing;
using static HostAgent.HyperV.Tests.Readiness.ReportAssertions;

namespace HostAgent.HyperV.Tests.Readiness;

/// <content>The test of the connection to the primary site.</content>
public sealed partial class ReadinessTests
{
    [Theory]
    [InlineData((uint)ReturnCode.Completed, true, "hv-east-01.contoso.test:80: the host reached it")]
    [InlineData((uint)ReturnCode.SystemNotAvailable, false, "hv-east-01.contoso.test:80: the host answered SystemNotAvailable (32777)")]
    public async Task The_primary_side_is_tried_for_the_in_box_provider(uint code, bool reached, string observed)
    {
        AnswerConnectionTest(code, job: null);
        var report = await CheckAsync(new MachineScript { Provider = MachineScript.InBoxProvider });
        var check = Find(report, ReadinessCheckId.PrimaryNotReachable);
        check.Passed.ShouldBe(reached);
        check.Severity.ShouldBe(CheckSeverity.Overridable);
        check.Observed.ShouldStartWith(observed);
        _script.Session.LastInputs!["RecoveryConnectionPoint"].ShouldBe("hv-east-01.contoso.test");
        _script.Session.LastInputs["RecoveryServerPortNumber"].ShouldBe((ushort)80);
        _script.Session.LastInputs["AuthenticationType"].ShouldBe((ushort)1);
        _script.Session.Calls.Count.ShouldBe(14);
    }

    [Theory]
    [InlineData(JobState.Completed, true, "the host reached it")]
    [InlineData(JobState.Exception, false, "no route (0x00002EFD)")]
    public async Task A_job_that_tries_the_primary_side_is_asked_for_its_end(JobState state, bool reached, string observed)
    {
        _script.AddJob(machine: null, "TRIAL", state, ("ErrorDescription", "no route (0x00002EFD)"));
        AnswerConnectionTest((uint)ReturnCode.JobStarted, ScriptedHost.JobPath("TRIAL"));
        var check = Find(await CheckAsync(new MachineScript { Provider = MachineScript.InBoxProvider }), ReadinessCheckId.PrimaryNotReachable);
        check.Passed.ShouldBe(reached);
        check.Observed.ShouldEndWith(observed);
    }

    [Fact]
    public async Task A_trial_that_does_not_end_is_not_waited_for_without_bound()
    {
        _script.AddJob(machine: null, "TRIAL", JobState.Running);
        AnswerConnectionTest((uint)ReturnCode.JobStarted, ScriptedHost.JobPath("TRIAL"));
        var time = new FakeTimeProvider(ScriptedHost.Now) { AutoAdvanceAmount = TimeSpan.FromSeconds(1) };
        var id = _script.AddMachine(new MachineScript { Provider = MachineScript.InBoxProvider });
        var pending = new HyperVHost(_script.Session, time).CheckReadinessAsync(id, RecoveryPointSelector.Latest, CancellationToken.None);
        while (!pending.IsCompleted)
        {
            time.Advance(TimeSpan.FromMilliseconds(500));
            await Task.Yield();
        }

        Find(await pending, ReadinessCheckId.PrimaryNotReachable).Observed.ShouldEndWith("the test was still running");
    }

    [Fact]
    public async Task A_host_that_cannot_try_the_primary_side_is_no_obstacle()
        => Find(await CheckAsync(new MachineScript { Provider = MachineScript.InBoxProvider }), ReadinessCheckId.PrimaryNotReachable).Passed.ShouldBeTrue();

    private void AnswerConnectionTest(uint code, CimObjectPath? job) => _script.Session.OnMethod(
        HyperVClasses.ReplicationService, "TestReplicationConnection", (_, _) => new CimMethodResult(code, new Dictionary<string, object?> { ["Job"] = job }));
}
