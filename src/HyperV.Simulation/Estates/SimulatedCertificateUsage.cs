namespace HostAgent.HyperV.Simulation.Estates;

/// <summary>What a simulated certificate may be used for.</summary>
public enum SimulatedCertificateUsage
{
    /// <summary>Proving who a client is.</summary>
    ClientAuthentication,

    /// <summary>Proving who a server is.</summary>
    ServerAuthentication,
}
