namespace HostAgent.HyperV.Jobs;

/// <summary>What the host answered to a request to terminate a job.</summary>
/// <param name="Code">The return code; null when the job was gone before the request reached it.</param>
public sealed record JobStateChangeAnswer(JobStateChangeCode? Code)
{
    /// <summary>The return code as the host's number; null when the job was gone.</summary>
    public uint? Number => (uint?)Code;

    /// <summary>Whether the host took the request up. The job's end decides whether it was terminated; this does not.</summary>
    public bool IsAccepted => Code is JobStateChangeCode.Completed or JobStateChangeCode.TransitionStarted;

    /// <summary>The answer in words.</summary>
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
