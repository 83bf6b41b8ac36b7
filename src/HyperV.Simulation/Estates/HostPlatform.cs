namespace HostAgent.HyperV.Simulation.Estates;

/// <summary>Which Windows a simulated host runs, as far as its namespace differs.</summary>
public enum HostPlatform
{
    /// <summary>No failback, no relationships as objects of their own, no extended replication, the in-box provider alone.</summary>
    WindowsServer2012,

    /// <summary>Replication states up to 14.</summary>
    WindowsServer2012R2,

    /// <summary>Replication states up to 14 too: the further ones came with version 1703.</summary>
    WindowsServer2016,

    /// <summary>Version 1809, and all later ones: everything.</summary>
    WindowsServer2019,
}
