using HostAgent.HyperV.Cim;

namespace HostAgent.HyperV.Jobs;

/// <summary>A snapshot of a job of the host (a class derived from <c>CIM_ConcreteJob</c>).</summary>
public sealed record ConcreteJob
{
    /// <summary>The path as the host returned it.</summary>
    public required CimObjectPath Path { get; init; }

    /// <summary>The class; usually <c>Msvm_ConcreteJob</c>, but a method may return another.</summary>
    public required string ClassName { get; init; }

    /// <summary>The key, a GUID.</summary>
    public required string InstanceId { get; init; }

    /// <summary>The state.</summary>
    public required JobState State { get; init; }

    /// <summary>0 to 100; null when the host does not report it.</summary>
    public int? PercentComplete { get; init; }

    /// <summary>Title of the job, in the host's language.</summary>
    public string? Caption { get; init; }

    /// <summary>Text of the state, in the host's language.</summary>
    public string? Status { get; init; }

    /// <summary>0 for no error, otherwise a code of the family of <see cref="Failback.ReturnCode"/>.</summary>
    public uint ErrorCode { get; init; }

    /// <summary>The full error text, in the host's language.</summary>
    public string? ErrorDescription { get; init; }

    /// <summary>The short error text, in the host's language.</summary>
    public string? ErrorSummary { get; init; }

    /// <summary>Whether the host offers cancellation; no guarantee that it works.</summary>
    public bool Cancellable { get; init; }

    /// <summary>What the job does; null when the class has no such property. Never identify a job by this alone.</summary>
    public JobType? JobType { get; init; }

    /// <summary>When it was submitted, by the host's clock; null when the host does not report it.</summary>
    public DateTimeOffset? TimeSubmitted { get; init; }

    /// <summary>When it started, by the host's clock; null when it has not.</summary>
    public DateTimeOffset? StartTime { get; init; }

    /// <summary>When its state last changed, by the host's clock; null when the host does not report it.</summary>
    public DateTimeOffset? TimeOfLastStateChange { get; init; }

    /// <summary>How long it has been running; null when the host does not report it.</summary>
    public TimeSpan? ElapsedTime { get; init; }

    /// <summary>How long the host keeps it after its end; Hyper-V reports five minutes.</summary>
    public TimeSpan? TimeBeforeRemoval { get; init; }

    /// <summary>What its state and error code mean.</summary>
    public JobVerdict Verdict => JobVerdicts.Judge(State, ErrorCode);

    /// <summary>Whether the host will not change it any further.</summary>
    public bool IsTerminal => JobVerdicts.IsTerminal(State);

    /// <summary>Whether it could be a failback: type 124, the conflicting 123, or no type.</summary>
    public bool MayBeFailback => JobType is null or Jobs.JobType.InitiateFailback or Jobs.JobType.ChangeReplicationModeToPrimary;
}

/// <summary>One error of a finished job (<c>Msvm_Error</c>).</summary>
/// <param name="Message">The message, in the host's language; the raw text when the host's answer was not an Msvm_Error.</param>
/// <param name="MessageId">The message id; null when there is none.</param>
/// <param name="ErrorSource">What the error refers to; null when there is none.</param>
/// <param name="CimStatusCode">The CIM status; null when there is none.</param>
/// <param name="PerceivedSeverity">0 unknown, 2 low, 3 medium, 4 high, 5 fatal; null when there is none.</param>
/// <param name="RecommendedActions">The host's recommendations.</param>
public sealed record JobError(
    string Message, string? MessageId, string? ErrorSource, uint? CimStatusCode, int? PerceivedSeverity, IReadOnlyList<string> RecommendedActions);

/// <summary>A change of a job. Events are hints: several changes may be merged into one, and any event may be lost.</summary>
/// <param name="Kind">The kind of change.</param>
/// <param name="Job">The job after the change, or as last seen when it was removed.</param>
public sealed record JobEvent(CimInstanceEventKind Kind, ConcreteJob Job);

/// <summary>What a job's state means for the work.</summary>
public enum JobVerdict
{
    /// <summary>Still running.</summary>
    Live,

    /// <summary>Finished.</summary>
    Succeeded,

    /// <summary>Finished with warnings.</summary>
    SucceededWithWarnings,

    /// <summary>Failed; the job's errors say why.</summary>
    Failed,

    /// <summary>Terminated on request before it finished.</summary>
    Terminated,

    /// <summary>The job has ended but its work may continue (state 9): only the machine's replication state decides.</summary>
    Undecided,

    /// <summary>
    /// An unpublished state number: neither live nor ended. Follow the job for a limited time until its state is a known one or it
    /// is gone; then use the machine's replication state.
    /// </summary>
    Unrecognized,
}

/// <summary>Interprets a job's state and error code.</summary>
public static class JobVerdicts
{
    /// <summary>Interprets a job.</summary>
    /// <param name="state">Its state.</param>
    /// <param name="errorCode">Its error code; a completed job with a code other than 0 has failed.</param>
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

    /// <summary>Whether the host will only remove the job now, after five minutes.</summary>
    public static bool IsTerminal(JobState state) => state
        is JobState.Completed or JobState.CompletedWithWarnings or JobState.Terminated or JobState.Killed or JobState.Exception;
}
