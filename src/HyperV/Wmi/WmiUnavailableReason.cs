namespace HostAgent.HyperV.Wmi;

/// <summary>Why there is no Hyper-V to talk to.</summary>
public enum WmiUnavailableReason
{
    /// <summary>The operating system is not Windows.</summary>
    NotWindows,

    /// <summary>The namespace does not exist: the Hyper-V role is not installed.</summary>
    NamespaceMissing,

    /// <summary>The account has no right to the namespace.</summary>
    AccessDenied,

    /// <summary>The platform has no InitiateFailback: it is older than Windows 8.1 and Windows Server 2012 R2.</summary>
    PlatformTooOld,

    /// <summary>The host or its management infrastructure does not answer.</summary>
    NotReachable,
}
