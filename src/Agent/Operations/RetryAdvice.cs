namespace HostAgent.Agent.Operations;

/// <summary>How a failed operation may be tried again, always under a new id. The numbers equal those of the contract.</summary>
internal enum RetryAdvice
{
    /// <summary>Not a failure.</summary>
    None = 0,

    /// <summary>Never by itself: something must be changed first.</summary>
    Never = 1,

    /// <summary>After a pause.</summary>
    BackOff = 2,

    /// <summary>After the machine's state has been read again.</summary>
    RereadState = 3,

    /// <summary>Only where the operator allows failed jobs to be retried.</summary>
    FailedJob = 4,
}
