using Grpc.Core;
using HostAgent.Agent.Tests.Support;
using HostAgent.Contracts.Failback.V1;
using HostAgent.HyperV.Simulation.Faults;
using Microsoft.Data.Sqlite;
using HostCode = HostAgent.HyperV.Failback.ReturnCode;
using HostJobState = HostAgent.HyperV.Jobs.JobState;
using HostReplicationState = HostAgent.HyperV.Replication.ReplicationState;
using State = HostAgent.Contracts.Failback.V1.OperationState;

namespace HostAgent.Agent.Tests.Faults;

/// <summary>
/// Faults 10 and 11 as one table: every answer of the method and every ending of a job, driven through the agent and the wire. Each row says what the
/// stream ends with, what the details say, what the journal's row says, and which events led there.
/// </summary>
public sealed class AnswerTableTests(AnswerTableTests.Host host) : IClassFixture<AnswerTableTests.Host>
{
    private static readonly Ending Success = new(StatusCode.OK, "", State.Succeeded, OutcomeBasis.Job, RetryClass.Unspecified);
    private static readonly Ending JobFailed = new(StatusCode.Internal, "JOB_FAILED", State.Failed, OutcomeBasis.Job, RetryClass.FailedJob);
    private static readonly Ending Unknown = new(StatusCode.Unknown, "UNKNOWN_OUTCOME", State.UnknownOutcome, OutcomeBasis.None, RetryClass.RereadState);
    private static readonly Ending ByTheMachine = Success with { Basis = OutcomeBasis.ReplicationState };

    private static readonly Row[] Rows =
    [
        new("answer 0", [new SynchronousAnswerFault()], Success with { Basis = OutcomeBasis.ReturnCode }, Code: 0),
        new("answer 4096", [], Success),
        Refused(32768, StatusCode.Internal, "FAILED", RetryClass.FailedJob),
        Refused(32769, StatusCode.PermissionDenied, "ACCESS_DENIED", RetryClass.Never),
        Refused(32770, StatusCode.Unimplemented, "NOT_SUPPORTED", RetryClass.Never),
        Refused(32771, StatusCode.Unknown, "STATUS_UNKNOWN", RetryClass.RereadState),
        Refused(32772, StatusCode.DeadlineExceeded, "TIMEOUT", RetryClass.RereadState),
        Refused(32773, StatusCode.InvalidArgument, "INVALID_PARAMETER", RetryClass.Never),
        Refused(32774, StatusCode.Aborted, "SYSTEM_IN_USE", RetryClass.BackOff),
        Refused(32775, StatusCode.FailedPrecondition, "INVALID_STATE", RetryClass.InvalidState),
        Refused(32776, StatusCode.InvalidArgument, "INCORRECT_DATA_TYPE", RetryClass.Never),
        Refused(32777, StatusCode.Unavailable, "SYSTEM_NOT_AVAILABLE", RetryClass.BackOff),
        Refused(32778, StatusCode.ResourceExhausted, "OUT_OF_MEMORY", RetryClass.BackOff),
        Refused(32779, StatusCode.FailedPrecondition, "FILE_NOT_FOUND", RetryClass.Never),
        Refused(32780, StatusCode.Internal, "UNKNOWN_RETURN_CODE", RetryClass.Never),
        Refused(1, StatusCode.Internal, "UNKNOWN_RETURN_CODE", RetryClass.Never),
        new("job 7 Completed", [new JobEndsFault { JobState = HostJobState.Completed, ErrorCode = 0 }], Success),
        new("job 7 with an error code", [new JobEndsFault { JobState = HostJobState.Completed, ErrorCode = 32775 }], JobFailed, Error: 32775),
        new("job 32768 with warnings", [new JobEndsFault { JobState = HostJobState.CompletedWithWarnings, ErrorCode = 0 }], Success with { State = State.SucceededWithWarnings }),
        new("job 8 Terminated by somebody", [new JobEndsFault { JobState = HostJobState.Terminated, ErrorCode = 0 }], JobFailed with { Status = StatusCode.Aborted, Reason = "JOB_TERMINATED" }),
        new("job 9 Killed, state 14", [new JobEndsFault { JobState = HostJobState.Killed, ErrorCode = 0, State = HostReplicationState.FailbackComplete }], ByTheMachine),
        new("job 9 Killed, state 8", [new JobEndsFault { JobState = HostJobState.Killed, ErrorCode = 0, State = HostReplicationState.Critical }], Unknown),
        new("job 10 Exception", [new JobEndsFault { Description = "the link broke" }], JobFailed, Error: 32768, Says: "the link broke"),
        .. Enumerable.Range(32769, 11).Select(code => new Row($"job 10 with error code {code}", [new JobEndsFault { ErrorCode = (ushort)code }], JobFailed, Error: (uint)code)),
        new("job 40000, then gone, state 8", [new JobEndsFault { JobState = (HostJobState)40000, ErrorCode = 0, State = HostReplicationState.Critical }], Unknown with { Gone = true }),
        new("job 40000, then gone, state 14", [new JobEndsFault { JobState = (HostJobState)40000, ErrorCode = 0, State = HostReplicationState.FailbackComplete }], ByTheMachine with { Gone = true }),
        new("job gone, state 14", [new JobVanishesFault { State = HostReplicationState.FailbackComplete }], ByTheMachine with { Gone = true }),
        new("job gone, state 5", [new JobVanishesFault { State = HostReplicationState.Recovered }], Unknown with { Gone = true }),
        new("job gone, state 8", [new JobVanishesFault { State = HostReplicationState.Critical }], Unknown with { Gone = true }),
    ];

    public static TheoryData<string> Names => [.. Rows.Select(row => row.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Ending_reaches_stream_details_journal_and_events(string name)
    {
        var (row, number) = Rows.Select((row, i) => (row, i)).Single(entry => entry.row.Name == name);
        var operation = Guid.NewGuid();

        var result = await host.Agent.Operator.InitiateAsync(Calls.Request(operation, Stage.Id(number)));

        Status(result, row, operation);
        Outcome(result.Last, row);
        Events(result, row);
        await JournalAsync(operation, row);
        var now = await host.Agent.Operator.GetFailbackAsync(new GetFailbackRequest { OperationId = operation.ToString() });
        now.ReturnCodeNumber.ShouldBe(row.Code);
        now.Outcome.ShouldBe(result.Last.Outcome);
        host.Agent.Host.Initiations.For(Stage.Id(number)).ShouldBe(row.Code is 0 or 4096 ? 1 : 0);
    }

    private static void Status(StreamResult result, Row row, Guid operation)
    {
        if (row.Ending.Status == StatusCode.OK)
        {
            result.Failure.ShouldBeNull();
            return;
        }

        var failure = result.Failure.ShouldNotBeNull();
        (failure.StatusCode, failure.Reason, failure.Domain).ShouldBe((row.Ending.Status, row.Ending.Reason, "failback.hyperv"));
        failure.Message.ShouldContain(row.Says);
        failure.RetryDelay.HasValue.ShouldBe(row.Ending.Retry == RetryClass.BackOff);
        if (row.Ending.Basis == OutcomeBasis.ReturnCode)
        {
            failure.Metadata["return_code"].ShouldBe($"{row.Code}");
        }

        if (row.Ending.Basis == OutcomeBasis.Job)
        {
            failure.Metadata["error_code"].ShouldBe($"{row.Error}");
        }

        if (row.Ending.Basis != OutcomeBasis.None)
        {
            failure.Metadata["operation_id"].ShouldBe(operation.ToString());
        }
    }

    private static void Outcome(FailbackProgress last, Row row)
    {
        last.Kind.ShouldBe(ProgressKind.Concluded);
        (last.State, last.Outcome.State, last.Outcome.Basis, last.Outcome.RetryClass).ShouldBe((row.Ending.State, row.Ending.State, row.Ending.Basis, row.Ending.Retry));
        last.Explanation.ShouldNotBeEmpty();
        if (row.Ending.Status == StatusCode.OK)
        {
            last.Outcome.Failure.ShouldBeNull();
            last.PercentComplete.ShouldBe(100);
        }
        else
        {
            (last.Outcome.Failure.Code, last.Outcome.Failure.Reason).ShouldBe(((int)row.Ending.Status, row.Ending.Reason));
        }
    }

    private static void Events(StreamResult result, Row row)
    {
        var recorded = result.Recorded.ToList();
        recorded.Select(message => message.Sequence).ShouldBe(Enumerable.Range(1, recorded.Count).Select(i => (long)i));
        recorded.Count(message => message.Outcome is not null).ShouldBe(1);
        var kinds = recorded.Select(message => message.Kind).ToList();
        kinds.Take(2).ShouldBe([ProgressKind.Accepted, ProgressKind.Starting]);
        kinds.Contains(ProgressKind.Started).ShouldBe(row.Code == 4096);
        recorded.Any(message => message.Job is { State: JobState.Gone }).ShouldBe(row.Ending.Gone);
        (result.Last.Job is not null).ShouldBe(row.Code == 4096);
    }

    private async Task JournalAsync(Guid operation, Row row)
    {
        await using var connection = new SqliteConnection($"Data Source={Path.Combine(host.Agent.DataDirectory, "journal.db")};Mode=ReadOnly");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText =
            "SELECT state, return_code, job_path IS NOT NULL, end_time IS NOT NULL, sequence = (SELECT max(sequence) FROM events e WHERE e.ordinal = o.ordinal) FROM operations o WHERE operation_id = $id";
        command.Parameters.AddWithValue("$id", operation.ToString());
        await using var stored = await command.ExecuteReaderAsync();
        (await stored.ReadAsync()).ShouldBeTrue();
        (stored.GetInt32(0), stored.GetInt64(1), stored.GetBoolean(2), stored.GetBoolean(3), stored.GetBoolean(4))
            .ShouldBe(((int)row.Ending.State, (long)row.Code, row.Code == 4096, true, true));
    }

    private static Row Refused(uint code, StatusCode status, string reason, RetryClass retry)
        => new($"answer {code}", [new AnswerFault((HostCode)code)], new Ending(status, reason, State.Failed, OutcomeBasis.ReturnCode, retry), code, Says: $"{code}");

    /// <summary>One agent on a host with a machine for each row.</summary>
    public sealed class Host : IAsyncLifetime
    {
        internal AgentUnderTest Agent { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Agent = await AgentUnderTest.StartAsync(
            Stage.Host([.. Rows.Select((row, i) => Stage.Machine(i, row.Faults))]), agent => agent.JobRetention = TimeSpan.FromSeconds(2));

        public ValueTask DisposeAsync() => Agent.DisposeAsync();
    }

    private sealed record Row(string Name, IReadOnlyList<Fault> Faults, Ending Ending, uint Code = 4096, uint Error = 0, string Says = "");

    private sealed record Ending(StatusCode Status, string Reason, State State, OutcomeBasis Basis, RetryClass Retry, bool Gone = false);
}
