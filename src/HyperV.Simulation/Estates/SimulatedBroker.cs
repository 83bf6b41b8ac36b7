namespace HostAgent.HyperV.Simulation.Estates;

/// <summary>How a simulated cluster's replication broker is.</summary>
public enum SimulatedBroker
{
    /// <summary>Its resource works.</summary>
    Online,

    /// <summary>Its resource was taken offline.</summary>
    Offline,

    /// <summary>Its resource has failed.</summary>
    Failed,

    /// <summary>The cluster has none.</summary>
    Missing,
}
