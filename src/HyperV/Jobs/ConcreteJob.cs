using HostAgent.HyperV.Cim;

namespace HostAgent.HyperV.Jobs;

/// <summary>A job of the host (a class derived from <c>CIM_ConcreteJob</c>), as seen at one moment.</summary>
public sealed record ConcreteJob
{
    /// <summary>The path as the host returned it.</summary>
    public required CimObjectPath Path { get; init; }

    /// <summary>The class; usually <c>Msvm_ConcreteJob</c>, but a method may answer with another.</summary>
    public required string ClassName { get; init; }

    /// <summary>The key, a GUID.</summary>
    public required string InstanceId { get; init; }

    /// <summary>The state.</summary>
    public required JobState State { get; init; }

    /// <summary>0 to 100; null when the host does not tell.</summary>
    public int? PercentComplete { get; init; }

    /// <summary>Title of the job, in the host's language.</summary>
    public string? Caption { get; init; }

    /// <summary>Text of the state, in the host's language.</summary>
    public string? Status { get; init; }

    /// <summary>0 when good, else of the family of <see cref="Failback.ReturnCode"/>.</summary>
    public uint ErrorCode { get; init; }

    /// <summary>The error in full, in the host's language.</summary>
    public string? ErrorDescription { get; init; }

    /// <summary>The error in short, in the host's language.</summary>
    public string? ErrorSummary { get; init; }

    /// <summary>Whether the host offers cancellation; not a promise that it works.</summary>
    public bool Cancellable { get; init; }

    /// <summary>What the job does; null when the class has no such property. Never the only mark to recognise a job by.</summary>
    public JobType? JobType { get; init; }

    /// <summary>When it was submitted, by the host's clock; null when the host does not tell.</summary>
    public DateTimeOffset? TimeSubmitted { get; init; }

    /// <summary>When it was started, by the host's clock; null when it has not been.</summary>
    public DateTimeOffset? StartTime { get; init; }

    /// <summary>When its state last changed, by the host's clock; null when the host does not tell.</summary>
    public DateTimeOffset? TimeOfLastStateChange { get; init; }

    /// <summary>How long it has run; null when the host does not tell.</summary>
    public TimeSpan? ElapsedTime { get; init; }

    /// <summary>How long the host keeps it after its end; Hyper-V says five minutes.</summary>
    public TimeSpan? TimeBeforeRemoval { get; init; }

    /// <summary>What its state means for the work.</summary>
    public JobVerdict Verdict => JobVerdicts.Judge(State, ErrorCode);

    /// <summary>Whether the host will not change it any more.</summary>
    public bool IsTerminal => JobVerdicts.IsTerminal(State);

    /// <summary>Whether it could be a failback's: type 124, the conflicting 123, or none given.</summary>
    public bool MayBeFailback => JobType is null or Jobs.JobType.InitiateFailback or Jobs.JobType.ChangeReplicationModeToPrimary;
}

/// <summary>One error of a finished job (<c>Msvm_Error</c>).</summary>
/// <param name="Message">The message, in the host's language. The whole text when the host's answer was not an Msvm_Error.</param>
/// <param name="MessageId">The message's id; null when there is none.</param>
/// <param name="ErrorSource">What the error is about; null when there is none.</param>
/// <param name="CimStatusCode">The CIM status; null when there is none.</param>
/// <param name="PerceivedSeverity">0 unknown, 2 low, 3 medium, 4 high, 5 fatal; null when there is none.</param>
/// <param name="RecommendedActions">What the host advises.</param>
public sealed record JobError(
    string Message, string? MessageId, string? ErrorSource, uint? CimStatusCode, int? PerceivedSeverity, IReadOnlyList<string> RecommendedActions);

/// <summary>A change of a job. Events are hints: several changes may be merged into one, and any may be lost.</summary>
/// <param name="Kind">What happened to it.</param>
/// <param name="Job">The job after the change, or as last seen when it was removed.</param>
public sealed record JobEvent(CimInstanceEventKind Kind, ConcreteJob Job);

/// <summary>What a job's state means for its work.</summary>
public enum JobVerdict
{
    /// <summary>The work goes on.</summary>
    Live,

    /// <summary>Done.</summary>
    Succeeded,

    /// <summary>Done, with warnings.</summary>
    SucceededWithWarnings,

    /// <summary>Failed; the job's errors say why.</summary>
    Failed,

    /// <summary>Ended on request before it was done.</summary>
    Terminated,

    /// <summary>The job has ended but its work may go on (state 9): only the machine's replication state can decide.</summary>
    Undecided,

    /// <summary>
    /// A number that is not published: neither live nor ended. Follow the job for a bounded time, until the state becomes a known
    /// one or the job is gone; then let the machine's replication state decide.
    /// </summary>
    Unrecognized,
}

/// <summary>The rules by which a job's state and error code are read.</summary>
public static class JobVerdicts
{
    /// <summary>Judges a job.</summary>
    /// <param name="state">Its state.</param>
    /// <param name="errorCode">Its error code; anything but 0 makes a completed job a failed one.</param>
    public static JobVerdict Judge(JobState state, uint errorCode) => state switch
    {
        JobState.New or JobState.Starting or JobState.Running or JobState.Suspended or JobState.ShuttingDown
            or JobState.Service or JobState.QueryPending => JobVerdict.Live,
        JobState.Completed => errorCode == 0 ? JobVerdict.Succeeded : JobVerdict.Failed,
        JobState.CompletedWithWarnings => JobVerdict.SucceededWithWarnings,
        JobState.Terminated => JobVerdict.Terminated,
        JobState.Exception => JobVerdict.Failed,
        JobState.Killed => JobVerdict.Undecided,
        _ => JobVerdict.Unrecognized,
    };

    /// <summary>Whether the host will not change the job any more, but only remove it after five minutes.</summary>
    public static bool IsTerminal(JobState state) => state
        is JobState.Completed or JobState.CompletedWithWarnings or JobState.Terminated or JobState.Killed or JobState.Exception;
}
