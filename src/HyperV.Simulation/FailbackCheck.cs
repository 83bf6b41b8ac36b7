namespace HostAgent.HyperV.Simulation;

/// <summary>
/// The checks InitiateFailback makes before it accepts a call, in the order assumed by default. The real order is not published, so
/// <see cref="SimulationOptions.CheckOrder"/> can change it.
/// </summary>
public enum FailbackCheck
{
    /// <summary>The caller may do this at all; else 32769.</summary>
    Access,

    /// <summary>ComputerSystem names a virtual machine of this host; else 32773, or WBEM_E_NOT_FOUND for a path that leads nowhere.</summary>
    ComputerSystem,

    /// <summary>ReplicationSettingData is the text of an instance of that class; else 32773, or 32776 where class or types are wrong.</summary>
    SettingsText,

    /// <summary>The settings belong to the virtual machine; else 32773.</summary>
    SettingsOwner,

    /// <summary>The virtual machine is a replica or an extended replica; else 32775.</summary>
    Mode,

    /// <summary>No other job is busy on the virtual machine; else 32774.</summary>
    NotBusy,

    /// <summary>The virtual machine is off and its replication state allows failback; else 32775.</summary>
    State,

    /// <summary>The replication provider supports failback; else 32770.</summary>
    ProviderSupport,

    /// <summary>The replication provider reaches the primary site; else 32777.</summary>
    ProviderReach,

    /// <summary>The recovery point asked for exists; else 32773.</summary>
    RecoveryPoint,
}
