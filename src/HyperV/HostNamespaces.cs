using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Clusters;
using HostAgent.HyperV.Volumes;

namespace HostAgent.HyperV;

/// <summary>
/// The sessions on the namespaces of one host. Everything that changes anything goes to the first; what the others tell is looked at
/// before a failback, and a host that does not have or does not open them is worked with all the same. They stay their owner's to dispose.
/// </summary>
/// <param name="Virtualization"><c>root\virtualization\v2</c>.</param>
/// <param name="Windows"><see cref="VolumeClasses.Namespace"/>; null where it is not looked at.</param>
/// <param name="Cluster"><see cref="ClusterClasses.Namespace"/>; null where the host is known to be no node of a cluster.</param>
public sealed record HostNamespaces(ICimSession Virtualization, ICimSession? Windows = null, ICimSession? Cluster = null)
{
    /// <summary>The sessions there are.</summary>
    public IEnumerable<ICimSession> Sessions => new[] { Virtualization, Windows, Cluster }.OfType<ICimSession>();
}
