namespace HostAgent.HyperV.Simulation.Estates;

/// <summary>What becomes of a virtual machine whose failback did not complete. What a real host does is not published, so it is a switch.</summary>
public enum AfterInterruption
{
    /// <summary>It returns to the replication state it had before; the failback may be called again.</summary>
    FormerState,

    /// <summary>It becomes Critical (8): its disks are not consistent and an administrator is needed.</summary>
    Critical,
}
