namespace HostAgent.HyperV.Jobs;

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
