namespace HostAgent.HyperV.Jobs;

/// <summary>
/// <c>Msvm_ConcreteJob.JobState</c> with the host's numbers. A number without a name stays a number. What a state means for the
/// work: <see cref="JobVerdicts"/>.
/// </summary>
public enum JobState
{
    /// <summary>Never started.</summary>
    New = 2,

    /// <summary>Being started.</summary>
    Starting = 3,

    /// <summary>Running.</summary>
    Running = 4,

    /// <summary>Stopped, can go on.</summary>
    Suspended = 5,

    /// <summary>On its way to an end.</summary>
    ShuttingDown = 6,

    /// <summary>Completed; failed all the same when the error code is not 0.</summary>
    Completed = 7,

    /// <summary>Ended by a request to terminate.</summary>
    Terminated = 8,

    /// <summary>Ended at once by a request to kill; the work underneath may go on and need cleaning up.</summary>
    Killed = 9,

    /// <summary>Failed.</summary>
    Exception = 10,

    /// <summary>In a state of the vendor's own, for problem discovery.</summary>
    Service = 11,

    /// <summary>Waits for an answer to a query (newer CIM).</summary>
    QueryPending = 12,

    /// <summary>Completed with warnings; lacks in the documentation's table, but Hyper-V uses it.</summary>
    CompletedWithWarnings = 32768,
}
