namespace HostAgent.HyperV.Simulation.Faults;

/// <summary>The classes that a job may be of beside Msvm_ConcreteJob.</summary>
public enum SimulatedJobClass
{
    /// <summary>Msvm_StorageJob.</summary>
    StorageJob,

    /// <summary>Msvm_MigrationJob.</summary>
    MigrationJob,
}
