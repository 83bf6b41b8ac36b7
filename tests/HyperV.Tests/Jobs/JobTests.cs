using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Cim.Xml;
using HostAgent.HyperV.Jobs;
using HostAgent.HyperV.Tests.Scripted;

namespace HostAgent.HyperV.Tests.Jobs;

public sealed class JobTests
{
    private const string Id = "E4C92FB5-794B-4658-9506-ED47287B239C";
    private readonly ScriptedHost _script = new();

    private Task<ConcreteJob?> GetAsync(string className = HyperVClasses.ConcreteJob)
        => _script.Host.GetJobAsync(ScriptedHost.JobPath(Id, className), CancellationToken.None);

    private void OnJob(string method, uint code, object? errors = null) => _script.Session.OnMethod(
        HyperVClasses.ConcreteJob, method, (_, _) => new CimMethodResult(code, new Dictionary<string, object?> { ["Errors"] = errors }));

    [Fact]
    public async Task A_job_is_read_with_everything_it_tells()
    {
        var started = ScriptedHost.Now.AddMinutes(-2);
        _script.AddJob(null, Id, JobState.Exception,
            ("PercentComplete", (ushort)40), ("ErrorCode", (ushort)32774), ("ErrorDescription", "Das System wird verwendet."),
            ("ErrorSummaryDescription", "Fehler"), ("JobStatus", "Fehler"), ("Caption", "Failback"), ("Cancellable", true), ("JobType", (ushort)124),
            ("StartTime", started), ("TimeSubmitted", started), ("ElapsedTime", TimeSpan.FromMinutes(2)), ("TimeBeforeRemoval", TimeSpan.FromMinutes(5)));
        var job = (await GetAsync()).ShouldNotBeNull();
        job.State.ShouldBe(JobState.Exception);
        job.Verdict.ShouldBe(JobVerdict.Failed);
        job.IsTerminal.ShouldBeTrue();
        job.PercentComplete.ShouldBe(40);
        job.ErrorCode.ShouldBe(32774U);
        job.ErrorDescription.ShouldBe("Das System wird verwendet.");
        job.JobType.ShouldBe(JobType.InitiateFailback);
        job.MayBeFailback.ShouldBeTrue();
        job.StartTime.ShouldBe(started);
        job.TimeBeforeRemoval.ShouldBe(TimeSpan.FromMinutes(5));
        job.Cancellable.ShouldBeTrue();
    }

    [Fact]
    public async Task A_job_that_is_gone_is_null() => (await GetAsync()).ShouldBeNull();

    [Fact]
    public async Task A_job_of_another_class_is_read_by_the_class_in_its_path()
    {
        _script.Session.Add(ScriptedHost.Job(Id, JobState.Running, "Msvm_StorageJob"));
        (await GetAsync()).ShouldBeNull();
        (await GetAsync("Msvm_StorageJob")).ShouldNotBeNull().ClassName.ShouldBe("Msvm_StorageJob");
    }

    [Fact]
    public async Task A_start_time_of_zero_means_not_started()
    {
        _script.AddJob(null, Id, JobState.New, ("StartTime", DateTimeOffset.FromFileTime(0)));
        (await GetAsync())!.StartTime.ShouldBeNull();
    }

    [Fact]
    public async Task An_unpublished_state_stays_a_number()
    {
        _script.AddJob(null, Id, (JobState)40000);
        var job = (await GetAsync())!;
        ((int)job.State).ShouldBe(40000);
        job.Verdict.ShouldBe(JobVerdict.Unrecognized);
    }

    [Theory]
    [InlineData((ushort)124, true)]
    [InlineData((ushort)123, true)]
    [InlineData((ushort)97, false)]
    [InlineData(null, true)]
    public async Task Both_numbers_of_a_failbacks_job_are_accepted(ushort? type, bool expected)
    {
        _script.AddJob(null, Id, JobState.Running, ("JobType", type));
        (await GetAsync())!.MayBeFailback.ShouldBe(expected);
    }

    [Fact]
    public async Task A_machines_jobs_come_oldest_first_whatever_their_class()
    {
        var machine = _script.AddMachine(new MachineScript());
        _script.AddJob(machine, "B", JobState.Running, ("TimeSubmitted", ScriptedHost.Now));
        _script.AddJob(machine, "A", JobState.Completed, ("TimeSubmitted", ScriptedHost.Now.AddMinutes(-4)));
        _script.Session.Associate(
            ScriptedHost.SystemPath(machine.ToString()), HyperVClasses.AffectedJobElement,
            ScriptedHost.Job("C", JobState.Running, "Msvm_StorageJob", ("TimeSubmitted", ScriptedHost.Now.AddMinutes(1))));
        _script.AddJob(null, "other machine's", JobState.Running);
        (await _script.Host.ListJobsAsync(machine, CancellationToken.None)).Select(j => j.InstanceId).ShouldBe(["A", "B", "C"]);
    }

    [Fact]
    public async Task Errors_are_read_from_embedded_texts()
    {
        _script.AddJob(null, Id, JobState.Exception);
        var text = CimXmlText.Write(new CimInstance(null, "Msvm_Error",
        [
            new("Message", "'sql-01' failed. (0x80070005)"), new("MessageID", "32022"), new("ErrorSource", "sql-01"),
            new("CIMStatusCode", 1U), new("PerceivedSeverity", (ushort)4), new("RecommendedActions", new[] { "Retry." }),
        ]));
        OnJob("GetErrorEx", 0, new[] { text, "plain words" });
        var errors = await _script.Host.GetJobErrorsAsync(ScriptedHost.JobPath(Id), CancellationToken.None);
        errors.Count.ShouldBe(2);
        errors[0].Message.ShouldBe("'sql-01' failed. (0x80070005)");
        errors[0].MessageId.ShouldBe("32022");
        errors[0].CimStatusCode.ShouldBe(1U);
        errors[0].PerceivedSeverity.ShouldBe(4);
        errors[0].RecommendedActions.ShouldBe(["Retry."]);
        errors[1].Message.ShouldBe("plain words", "what is not an instance is still the host's word");
    }

    [Fact]
    public async Task Errors_handed_out_as_instances_are_read_too()
    {
        _script.AddJob(null, Id, JobState.Exception);
        OnJob("GetErrorEx", 0, new[] { new CimInstance(null, "Msvm_Error", [new("Message", "failed")]) });
        (await _script.Host.GetJobErrorsAsync(ScriptedHost.JobPath(Id), CancellationToken.None)).ShouldHaveSingleItem().Message.ShouldBe("failed");
    }

    [Fact]
    public async Task No_errors_and_a_job_that_is_gone_are_both_an_empty_list()
    {
        (await _script.Host.GetJobErrorsAsync(ScriptedHost.JobPath(Id), CancellationToken.None)).ShouldBeEmpty();
        _script.AddJob(null, Id, JobState.Completed);
        OnJob("GetErrorEx", 0);
        (await _script.Host.GetJobErrorsAsync(ScriptedHost.JobPath(Id), CancellationToken.None)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(0U, true, "has terminated")]
    [InlineData(4096U, true, "has begun")]
    [InlineData(1U, false, "does not support")]
    [InlineData(2U, false, "unspecified")]
    [InlineData(3U, false, "in time")]
    [InlineData(4U, false, "failed")]
    [InlineData(5U, false, "parameters")]
    [InlineData(6U, false, "in use")]
    [InlineData(4097U, false, "no longer")]
    [InlineData(4098U, false, "timeout")]
    [InlineData(4099U, false, "busy")]
    [InlineData(32768U, false, "32768")]
    public async Task Termination_is_asked_for_without_a_timeout_and_answered_in_words(uint code, bool accepted, string words)
    {
        _script.AddJob(null, Id, JobState.Running);
        OnJob("RequestStateChange", code);
        var answer = await _script.Host.RequestJobTerminationAsync(ScriptedHost.JobPath(Id), CancellationToken.None);
        answer.Number.ShouldBe(code);
        answer.IsAccepted.ShouldBe(accepted);
        answer.Explanation.ShouldContain(words);
        _script.Session.LastInputs.ShouldBe(new Dictionary<string, object?> { ["RequestedState"] = (ushort)4 });
    }

    [Fact]
    public async Task Termination_of_a_job_that_is_gone_says_so()
    {
        var answer = await _script.Host.RequestJobTerminationAsync(ScriptedHost.JobPath(Id), CancellationToken.None);
        answer.Number.ShouldBeNull();
        answer.IsAccepted.ShouldBeFalse();
        answer.Explanation.ShouldContain("gone");
    }

    [Fact]
    public async Task One_watch_reports_all_jobs()
    {
        using var end = new CancellationTokenSource();
        await using var events = _script.Host.WatchJobsAsync(TimeSpan.FromSeconds(2), end.Token).GetAsyncEnumerator();
        var first = events.MoveNextAsync().AsTask();
        _script.Session.Raise(new CimInstanceEvent(CimInstanceEventKind.Created, ScriptedHost.Job("A", JobState.New, HyperVClasses.ConcreteJob)));
        _script.Session.Raise(new CimInstanceEvent(CimInstanceEventKind.Deleted, ScriptedHost.Job("B", JobState.Completed, HyperVClasses.ConcreteJob)));
        (await first.WaitAsync(TimeSpan.FromSeconds(10))).ShouldBeTrue();
        (events.Current.Kind, events.Current.Job.InstanceId).ShouldBe((CimInstanceEventKind.Created, "A"));
        (await events.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(10))).ShouldBeTrue();
        (events.Current.Kind, events.Current.Job.InstanceId).ShouldBe((CimInstanceEventKind.Deleted, "B"));
        _script.Session.Calls.ShouldBe(["Watch Msvm_ConcreteJob"]);
    }
}
