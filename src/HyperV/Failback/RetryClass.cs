namespace HostAgent.HyperV.Failback;

/// <summary>How a failed call or job may be tried again.</summary>
public enum RetryClass
{
    /// <summary>Not a failure.</summary>
    None,

    /// <summary>Never by itself: something must be changed first.</summary>
    Never,

    /// <summary>After a pause: what was in the way goes away by itself.</summary>
    BackOff,

    /// <summary>After the machine's state has been read again: the call may have taken effect.</summary>
    RereadState,

    /// <summary>Only where the operator allows failed jobs to be retried.</summary>
    FailedJob,
}
