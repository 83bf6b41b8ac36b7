namespace HostAgent.HyperV.Jobs;

/// <summary>The return codes of <c>Msvm_ConcreteJob.RequestStateChange</c>, with the host's numbers. A number without a name stays a number.</summary>
public enum JobStateChangeCode : uint
{
    /// <summary>Done.</summary>
    Completed = 0,

    /// <summary>Not supported.</summary>
    NotSupported = 1,

    /// <summary>Unknown or unspecified error.</summary>
    Unknown = 2,

    /// <summary>Cannot be done within the timeout.</summary>
    CannotCompleteWithinTimeout = 3,

    /// <summary>Failed.</summary>
    Failed = 4,

    /// <summary>Invalid parameter.</summary>
    InvalidParameter = 5,

    /// <summary>In use.</summary>
    InUse = 6,

    /// <summary>The change has begun.</summary>
    TransitionStarted = 4096,

    /// <summary>The job's state does not allow the change.</summary>
    InvalidTransition = 4097,

    /// <summary>A timeout argument is not supported.</summary>
    TimeoutParameterNotSupported = 4098,

    /// <summary>Busy.</summary>
    Busy = 4099,
}
