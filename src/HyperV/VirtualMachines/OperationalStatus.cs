namespace HostAgent.HyperV.VirtualMachines;

/// <summary>
/// One element of <c>Msvm_ComputerSystem.OperationalStatus</c> with the host's numbers. Element 0 is a number below
/// 32768 and decides whether a new request may be issued; the optional element 1 is the work in progress.
/// </summary>
public enum OperationalStatus
{
    /// <summary>Element 0: OK.</summary>
    Ok = 2,

    /// <summary>Element 0: the configuration's storage is gone; the machine can only be turned off or deleted.</summary>
    Degraded = 3,

    /// <summary>Element 0: a disk is nearly full.</summary>
    PredictiveFailure = 5,

    /// <summary>Element 0: busy.</summary>
    InService = 11,

    /// <summary>Element 1: a checkpoint is being created.</summary>
    CreatingSnapshot = 32768,

    /// <summary>Element 1: a checkpoint is being applied.</summary>
    ApplyingSnapshot = 32769,

    /// <summary>Element 1: a checkpoint is being deleted.</summary>
    DeletingSnapshot = 32770,

    /// <summary>Element 1: waiting for automatic start.</summary>
    WaitingToStart = 32771,

    /// <summary>Element 1: disks are being merged.</summary>
    MergingDisks = 32772,

    /// <summary>Element 1: being exported.</summary>
    ExportingVirtualMachine = 32773,

    /// <summary>Element 1: being migrated.</summary>
    MigratingVirtualMachine = 32774,
}
