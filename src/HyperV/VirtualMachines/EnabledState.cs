namespace HostAgent.HyperV.VirtualMachines;

/// <summary>
/// <c>Msvm_ComputerSystem.EnabledState</c> with the numbers that hosts actually return (the documentation stops at 10).
/// Unnamed numbers are kept.
/// </summary>
public enum EnabledState
{
    /// <summary>Unknown to the host.</summary>
    Unknown = 0,

    /// <summary>None of the others.</summary>
    Other = 1,

    /// <summary>Running.</summary>
    Running = 2,

    /// <summary>Off.</summary>
    Off = 3,

    /// <summary>Being shut down.</summary>
    Stopping = 4,

    /// <summary>Saved: off, with its memory on disk.</summary>
    Saved = 6,

    /// <summary>Paused.</summary>
    Paused = 9,

    /// <summary>Being started.</summary>
    Starting = 10,

    /// <summary>Being reset.</summary>
    Reset = 11,

    /// <summary>Being saved.</summary>
    Saving = 32773,

    /// <summary>Being paused.</summary>
    Pausing = 32776,

    /// <summary>Being resumed.</summary>
    Resuming = 32777,

    /// <summary>Saved for a fast start.</summary>
    FastSaved = 32779,

    /// <summary>Entering <see cref="FastSaved"/>.</summary>
    FastSaving = 32780,

    /// <summary>Being forced to shut down.</summary>
    ForceShutdown = 32781,

    /// <summary>Being forced to restart.</summary>
    ForceReboot = 32782,

    /// <summary>Hibernated by its guest.</summary>
    Hibernated = 32783,

    /// <summary>One of its components is being serviced.</summary>
    ComponentServicing = 32784,
}
