namespace HostAgent.HyperV.Failback;

/// <summary>
/// The return codes of the replication service's methods, with the host's numbers. Unnamed numbers are kept.
/// Their meaning for the caller: <see cref="ReturnCodeMeaning"/>.
/// </summary>
public enum ReturnCode : uint
{
    /// <summary>Completed, without a job.</summary>
    Completed = 0,

    /// <summary>Parameters checked, job started.</summary>
    JobStarted = 4096,

    /// <summary>Failed, with no reason given in the code.</summary>
    Failed = 32768,

    /// <summary>Access denied.</summary>
    AccessDenied = 32769,

    /// <summary>Not supported.</summary>
    NotSupported = 32770,

    /// <summary>Status is unknown.</summary>
    StatusUnknown = 32771,

    /// <summary>Timeout.</summary>
    Timeout = 32772,

    /// <summary>Invalid parameter.</summary>
    InvalidParameter = 32773,

    /// <summary>System is in use.</summary>
    SystemInUse = 32774,

    /// <summary>Invalid state for this operation.</summary>
    InvalidState = 32775,

    /// <summary>Incorrect data type.</summary>
    IncorrectDataType = 32776,

    /// <summary>System is not available.</summary>
    SystemNotAvailable = 32777,

    /// <summary>Out of memory.</summary>
    OutOfMemory = 32778,

    /// <summary>File not found.</summary>
    FileNotFound = 32779,
}
