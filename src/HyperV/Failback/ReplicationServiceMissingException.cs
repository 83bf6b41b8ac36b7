namespace HostAgent.HyperV.Failback;

/// <summary>The host shows no <c>Msvm_ReplicationService</c>. Nothing was asked of the host.</summary>
public sealed class ReplicationServiceMissingException : Exception
{
    /// <summary>Creates the exception.</summary>
    public ReplicationServiceMissingException()
        : base("The host shows no Msvm_ReplicationService: the Hyper-V Virtual Machine Management service is not running, "
            + "or the account is not in Hyper-V Administrators (such an account sees no instances and no error).")
    {
    }
}
