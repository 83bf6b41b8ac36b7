namespace HostAgent.HyperV.Jobs;

/// <summary>
/// <c>Msvm_ConcreteJob.JobState</c> with the host's numbers. Unnamed numbers are kept. What a state means for the
/// work: <see cref="JobVerdicts"/>.
/// </summary>
public enum JobState
{
    /// <summary>Never started.</summary>
    New = 2,

    /// <summary>Starting.</summary>
    Starting = 3,

    /// <summary>Running.</summary>
    Running = 4,

    /// <summary>Suspended; can be resumed.</summary>
    Suspended = 5,

    /// <summary>Shutting down.</summary>
    ShuttingDown = 6,

    /// <summary>Completed; a failure if the error code is not 0.</summary>
    Completed = 7,

    /// <summary>Terminated on request.</summary>
    Terminated = 8,

    /// <summary>Killed on request, immediately; the underlying work may continue and need cleanup.</summary>
    Killed = 9,

    /// <summary>Failed.</summary>
    Exception = 10,

    /// <summary>In a vendor-specific state, for problem discovery.</summary>
    Service = 11,

    /// <summary>Waiting for the answer to a query (newer CIM).</summary>
    QueryPending = 12,

    /// <summary>Completed with warnings; not in the documentation's table, but Hyper-V uses it.</summary>
    CompletedWithWarnings = 32768,
}

/// <summary>The return codes of <c>Msvm_ConcreteJob.RequestStateChange</c>, with the host's numbers. Unnamed numbers are kept.</summary>
public enum JobStateChangeCode : uint
{
    /// <summary>Done.</summary>
    Completed = 0,

    /// <summary>Not supported.</summary>
    NotSupported = 1,

    /// <summary>Unknown or unspecified error.</summary>
    Unknown = 2,

    /// <summary>Cannot complete within the timeout.</summary>
    CannotCompleteWithinTimeout = 3,

    /// <summary>Failed.</summary>
    Failed = 4,

    /// <summary>Invalid parameter.</summary>
    InvalidParameter = 5,

    /// <summary>In use.</summary>
    InUse = 6,

    /// <summary>The transition has started.</summary>
    TransitionStarted = 4096,

    /// <summary>The job's state does not allow the change.</summary>
    InvalidTransition = 4097,

    /// <summary>A timeout argument is not supported.</summary>
    TimeoutParameterNotSupported = 4098,

    /// <summary>Busy.</summary>
    Busy = 4099,
}

/// <summary>The host's answer to a request to terminate a job.</summary>
/// <param name="Code">The return code; null when the job was already gone.</param>
public sealed record JobStateChangeAnswer(JobStateChangeCode? Code)
{
    /// <summary>The return code as the host's number; null when the job was gone.</summary>
    public uint? Number => (uint?)Code;

    /// <summary>Whether the host accepted the request. Whether the job was terminated shows only in its final state.</summary>
    public bool IsAccepted => Code is JobStateChangeCode.Completed or JobStateChangeCode.TransitionStarted;

    /// <summary>The answer as text.</summary>
    public string Explanation => Code switch
    {
        null => "The job was gone before the request reached it.",
        JobStateChangeCode.Completed => "The host has terminated the job.",
        JobStateChangeCode.TransitionStarted => "The host has begun to terminate the job.",
        JobStateChangeCode.NotSupported => "The host does not support terminating this job.",
        JobStateChangeCode.Unknown => "The host refused to terminate the job with an unspecified error.",
        JobStateChangeCode.CannotCompleteWithinTimeout => "The host cannot terminate the job in time.",
        JobStateChangeCode.Failed => "The host tried to terminate the job and failed.",
        JobStateChangeCode.InvalidParameter => "The host did not accept the request's parameters.",
        JobStateChangeCode.InUse => "The job is in use; the request can be repeated.",
        JobStateChangeCode.InvalidTransition => "The job can no longer be terminated: it has ended or passed the point where it could be.",
        JobStateChangeCode.TimeoutParameterNotSupported => "The host does not accept a timeout with the request.",
        JobStateChangeCode.Busy => "The host is busy; the request can be repeated.",
        { } other => $"The host answered {(uint)other}, which is not published.",
    };
}
