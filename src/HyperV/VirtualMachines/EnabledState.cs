namespace HostAgent.HyperV.VirtualMachines;

/// <summary>
/// <c>Msvm_ComputerSystem.EnabledState</c> with the host's numbers, as hosts really return them (the documentation stops at 10).
/// A number without a name stays a number.
/// </summary>
public enum EnabledState
{
    /// <summary>The host does not know.</summary>
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

    /// <summary>Saved with its memory kept for a fast start.</summary>
    FastSaved = 32779,

    /// <summary>On the way to <see cref="FastSaved"/>.</summary>
    FastSaving = 32780,

    /// <summary>Being shut down by force.</summary>
    ForceShutdown = 32781,

    /// <summary>Being restarted by force.</summary>
    ForceReboot = 32782,

    /// <summary>Hibernated by its guest.</summary>
    Hibernated = 32783,

    /// <summary>One of its components is being serviced.</summary>
    ComponentServicing = 32784,
}
