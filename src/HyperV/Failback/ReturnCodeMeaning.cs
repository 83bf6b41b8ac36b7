namespace HostAgent.HyperV.Failback;

/// <summary>What a return code means for the caller. The retry classes are this product's conclusion [inferred]; the rest is documented.</summary>
/// <param name="Code">The code.</param>
/// <param name="Name">A stable UPPER_SNAKE_CASE name.</param>
/// <param name="Text">The documented wording.</param>
/// <param name="Cause">The usual cause, one sentence.</param>
/// <param name="Remedy">What to do, one sentence; empty when there is nothing to do.</param>
/// <param name="Retry">How the call may be retried; null when it has not failed.</param>
public sealed record ReturnCodeMeaning(ReturnCode Code, string Name, string Text, string Cause, string Remedy, RetryClass? Retry)
{
    private const string UnknownName = "UNKNOWN_RETURN_CODE";

    private static readonly Dictionary<ReturnCode, ReturnCodeMeaning> Known = new ReturnCodeMeaning[]
    {
        new(ReturnCode.Completed, "COMPLETED", "Completed with no error",
            "The host did the work at once, without a job.", "", Retry: null),
        new(ReturnCode.JobStarted, "JOB_STARTED", "Method parameters checked - job started",
            "The host has started a job.", "", Retry: null),
        new(ReturnCode.Failed, "FAILED", "Failed",
            "The host's virtual machine management failed without giving a reason.",
            "Read the host's event log Microsoft-Windows-Hyper-V-VMMS-Admin at the time of the call.", RetryClass.FailedJob),
        new(ReturnCode.AccessDenied, "ACCESS_DENIED", "Access denied",
            "The calling account is in neither Administrators nor Hyper-V Administrators of the host, or its token is filtered by UAC.",
            "Add the agent's account to Hyper-V Administrators on the host and restart the agent.", RetryClass.Never),
        new(ReturnCode.NotSupported, "NOT_SUPPORTED", "Not supported",
            "The machine's replication provider does not offer this operation; the in-box host-to-host provider may not offer it.",
            "Reverse the replication and run a planned failover instead.", RetryClass.Never),
        new(ReturnCode.StatusUnknown, "STATUS_UNKNOWN", "Status is unknown",
            "The host does not know whether the call took effect.", "Check the machine's replication state first.", RetryClass.RereadState),
        new(ReturnCode.Timeout, "TIMEOUT", "Timeout",
            "The host gave up waiting; the call may have taken effect.", "Check the machine's replication state first.", RetryClass.RereadState),
        new(ReturnCode.InvalidParameter, "INVALID_PARAMETER", "Invalid parameter",
            "The machine's path, the replication settings or the recovery point identifier was not accepted.",
            "Check the recovery point identifier and the replication settings that were sent.", RetryClass.Never),
        new(ReturnCode.SystemInUse, "SYSTEM_IN_USE", "System is in use",
            "Another operation holds the machine: a backup, a checkpoint's merge, an export or a migration.",
            "Wait for the other operation to end.", RetryClass.BackOff),
        new(ReturnCode.InvalidState, "INVALID_STATE", "Invalid state for this operation",
            "The machine's replication state or mode does not allow it, the machine is not off, or it is already in the requested state.",
            "Check the machine's state again, shut the machine down if it is running, and check which state the operation needs.", RetryClass.InvalidState),
        new(ReturnCode.IncorrectDataType, "INCORRECT_DATA_TYPE", "Incorrect data type",
            "The replication settings are an instance of the wrong class, or a property has the wrong type.",
            "Check the replication settings that were sent.", RetryClass.Never),
        new(ReturnCode.SystemNotAvailable, "SYSTEM_NOT_AVAILABLE", "System is not available",
            "The host's virtual machine management or the other side cannot be reached.",
            "Check the Hyper-V Virtual Machine Management service, the network and the other side.", RetryClass.BackOff),
        new(ReturnCode.OutOfMemory, "OUT_OF_MEMORY", "Out of memory",
            "The host does not have enough memory for the operation.", "Wait for the load to drop, or free memory on the host.", RetryClass.BackOff),
        new(ReturnCode.FileNotFound, "FILE_NOT_FOUND", "File not found",
            "A disk, configuration or log file of the machine is missing.", "Restore the missing file or recreate the replication.", RetryClass.Never),
    }.ToDictionary(m => m.Code);

    /// <summary>Every published code, in numerical order.</summary>
    public static IReadOnlyList<ReturnCodeMeaning> All { get; } = [.. Known.Values.OrderBy(m => m.Code)];

    /// <summary>Whether the host accepted the call.</summary>
    public bool IsSuccess => Code is ReturnCode.Completed or ReturnCode.JobStarted;

    /// <summary>The meaning of a code. An unpublished number is a failure that is not retried automatically.</summary>
    public static ReturnCodeMeaning Of(ReturnCode code) => Known.TryGetValue(code, out var meaning)
        ? meaning
        : new ReturnCodeMeaning(
            code, UnknownName, $"Return code {(uint)code}", $"The host answered {(uint)code}, which is not published.",
            "Check the machine and the host's event log before retrying.", RetryClass.Never);
}

/// <summary>How a failed call or job may be retried. The contract and the campaigns have the same names.</summary>
public enum RetryClass
{
    /// <summary>Never automatically: something must be changed first.</summary>
    Never = 1,

    /// <summary>After a pause: the obstacle is temporary.</summary>
    BackOff,

    /// <summary>After reading the machine's state again: the call may have taken effect.</summary>
    RereadState,

    /// <summary>Only if the operator allows retries of failed jobs.</summary>
    FailedJob,

    /// <summary>When the machine becomes ready.</summary>
    NotReady,

    /// <summary>Never, unless the machine's current state shows that the work was already done.</summary>
    InvalidState,

    /// <summary>Never: the journal with the answer was replaced. Only the machine's state can show whether the work was done.</summary>
    JournalLost,
}
