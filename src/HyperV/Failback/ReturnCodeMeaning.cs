namespace HostAgent.HyperV.Failback;

/// <summary>What a return code means to a caller. The retry classes are this product's conclusion [inferred]; the rest is documented.</summary>
/// <param name="Code">The code.</param>
/// <param name="Name">A stable UPPER_SNAKE_CASE name.</param>
/// <param name="Text">The documented wording.</param>
/// <param name="Cause">The usual cause, one sentence for a person.</param>
/// <param name="Remedy">What to do, one sentence for a person; empty where nothing is to be done.</param>
/// <param name="Retry">How the call may be tried again.</param>
public sealed record ReturnCodeMeaning(ReturnCode Code, string Name, string Text, string Cause, string Remedy, RetryClass Retry)
{
    private const string UnknownName = "UNKNOWN_RETURN_CODE";

    private static readonly Dictionary<ReturnCode, ReturnCodeMeaning> Known = new ReturnCodeMeaning[]
    {
        new(ReturnCode.Completed, "COMPLETED", "Completed with no error",
            "The host did the work at once, without a job.", "", RetryClass.None),
        new(ReturnCode.JobStarted, "JOB_STARTED", "Method parameters checked - job started",
            "The host has started a job.", "", RetryClass.None),
        new(ReturnCode.Failed, "FAILED", "Failed",
            "The host's virtual machine management failed without naming a reason here.",
            "Read the log Microsoft-Windows-Hyper-V-VMMS-Admin of the host at the time of the call.", RetryClass.FailedJob),
        new(ReturnCode.AccessDenied, "ACCESS_DENIED", "Access denied",
            "The calling account is in neither Administrators nor Hyper-V Administrators of the host, or its token is filtered by UAC.",
            "Put the agent's account into Hyper-V Administrators on the host and restart the agent.", RetryClass.Never),
        new(ReturnCode.NotSupported, "NOT_SUPPORTED", "Not supported",
            "The machine's replication provider does not offer this operation; the in-box host-to-host provider may be such a one.",
            "Reverse the replication and make a planned failover the other way instead.", RetryClass.Never),
        new(ReturnCode.StatusUnknown, "STATUS_UNKNOWN", "Status is unknown",
            "The host cannot tell what became of the call.", "Look at the machine's replication state before anything else.", RetryClass.RereadState),
        new(ReturnCode.Timeout, "TIMEOUT", "Timeout",
            "The host gave up waiting; the call may have taken effect.", "Look at the machine's replication state before anything else.", RetryClass.RereadState),
        new(ReturnCode.InvalidParameter, "INVALID_PARAMETER", "Invalid parameter",
            "The machine's path, the replication settings or the recovery point identifier was not accepted.",
            "Check the recovery point identifier and the replication settings that were sent.", RetryClass.Never),
        new(ReturnCode.SystemInUse, "SYSTEM_IN_USE", "System is in use",
            "Another operation holds the machine: a backup, a checkpoint's merge, an export or a migration.",
            "Wait for the other operation to end.", RetryClass.BackOff),
        new(ReturnCode.InvalidState, "INVALID_STATE", "Invalid state for this operation",
            "The machine's replication state or mode does not allow it, the machine is not off, or it is already in the requested state.",
            "Read the machine's state again, shut the machine down where it runs, and see which state the operation needs.", RetryClass.InvalidState),
        new(ReturnCode.IncorrectDataType, "INCORRECT_DATA_TYPE", "Incorrect data type",
            "The text of the replication settings is of another class, or a property has another type.",
            "Check the replication settings that were sent.", RetryClass.Never),
        new(ReturnCode.SystemNotAvailable, "SYSTEM_NOT_AVAILABLE", "System is not available",
            "The host's virtual machine management or the other side cannot be reached.",
            "Check the Hyper-V Virtual Machine Management service, the network and the other side.", RetryClass.BackOff),
        new(ReturnCode.OutOfMemory, "OUT_OF_MEMORY", "Out of memory",
            "The host lacks memory for the operation.", "Wait for load to go down, or free memory on the host.", RetryClass.BackOff),
        new(ReturnCode.FileNotFound, "FILE_NOT_FOUND", "File not found",
            "A disk, configuration or log file of the machine is missing.", "Restore the missing file or recreate the replication.", RetryClass.Never),
    }.ToDictionary(m => m.Code);

    /// <summary>Every published code, in numerical order.</summary>
    public static IReadOnlyList<ReturnCodeMeaning> All { get; } = [.. Known.Values.OrderBy(m => m.Code)];

    /// <summary>Whether the host accepted the call.</summary>
    public bool IsSuccess => Code is ReturnCode.Completed or ReturnCode.JobStarted;

    /// <summary>The meaning of a code. An unpublished number is a failure that is not retried by itself.</summary>
    public static ReturnCodeMeaning Of(ReturnCode code) => Known.TryGetValue(code, out var meaning)
        ? meaning
        : new ReturnCodeMeaning(
            code, UnknownName, $"Return code {(uint)code}", $"The host answered {(uint)code}, which is not published.",
            "Look at the machine and at the host's log before trying again.", RetryClass.Never);
}

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

    /// <summary>When the machine has become ready.</summary>
    NotReady,

    /// <summary>Never, unless the machine's state, read again, shows that it was done already.</summary>
    InvalidState,

    /// <summary>Never: the journal that would know was replaced. Only the machine's state can show that it was done.</summary>
    JournalLost,
}
