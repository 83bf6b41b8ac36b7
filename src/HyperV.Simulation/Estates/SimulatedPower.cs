namespace HostAgent.HyperV.Simulation.Estates;

/// <summary>The power state of a simulated virtual machine; the numbers are those of Msvm_ComputerSystem.EnabledState.</summary>
public enum SimulatedPower
{
    /// <summary>Running.</summary>
    Running = 2,

    /// <summary>Off: the only state a failback is accepted in.</summary>
    Off = 3,

    /// <summary>The guest is shutting down.</summary>
    Stopping = 4,

    /// <summary>Saved.</summary>
    Saved = 6,

    /// <summary>Paused.</summary>
    Paused = 9,
}
