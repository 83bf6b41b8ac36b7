namespace HostAgent.Campaigns.Inputs;

/// <summary>How a failure may be tried again.</summary>
public enum FailureClass
{
    /// <summary>Never by itself: something must be changed first.</summary>
    Never,

    /// <summary>After a pause: 32774, 32777, 32778, a full or draining agent.</summary>
    BackOff,

    /// <summary>After the machine's state has been read again: 32771, 32772.</summary>
    RereadState,

    /// <summary>Never, but a look at the machine's state may show that it is already done: 32775.</summary>
    InvalidState,

    /// <summary>Only where the document allows it: 32768, or a job that failed.</summary>
    FailedJob,

    /// <summary>Never by itself: the agent's journal lacks operations, this one perhaps among them. A look at the machine may show that it is done.</summary>
    JournalLost,

    /// <summary>After a pause: the agent's readiness checks did not pass.</summary>
    NotReady,
}
