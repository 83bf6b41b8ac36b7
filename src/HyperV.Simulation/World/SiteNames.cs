using HostAgent.HyperV.Simulation.Estates;

namespace HostAgent.HyperV.Simulation.World;

/// <summary>DNS names of the servers related to a host.</summary>
internal static class SiteNames
{
    /// <summary>The other side: the host that it is paired with, or else the primary site's replica broker.</summary>
    public static string Primary(SimulatedHostDescription host) => host.PeerServer ?? $"replica-broker.{host.PrimarySite}.example";

    public static string Recovery(SimulatedHostDescription host) => $"{host.Name}.{host.Site}.example";

    public static string Extended(SimulatedHostDescription host) => $"extended.{host.Site}.example";
}
