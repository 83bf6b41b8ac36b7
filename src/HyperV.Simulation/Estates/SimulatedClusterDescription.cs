namespace HostAgent.HyperV.Simulation.Estates;

/// <summary>The failover cluster that a simulated host is a node of.</summary>
public sealed record SimulatedClusterDescription
{
    /// <summary>The cluster's name: up to 15 letters, digits and hyphens.</summary>
    public required string Name { get; init; }

    /// <summary>How its replication broker is. Default: online.</summary>
    public SimulatedBroker Broker { get; init; } = SimulatedBroker.Online;
}
