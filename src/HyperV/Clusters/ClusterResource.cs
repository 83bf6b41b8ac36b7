using HostAgent.HyperV.VirtualMachines;

namespace HostAgent.HyperV.Clusters;

/// <summary>A resource of the failover cluster (<c>MSCluster_Resource</c>).</summary>
/// <param name="Name">Its name, unique in the cluster.</param>
/// <param name="Type">What kind of resource it is.</param>
/// <param name="State">The resource's own state. Its group may be online while the resource has failed.</param>
/// <param name="OwnerNode">The node that has it now; null when the cluster does not tell.</param>
/// <param name="VirtualMachine">The machine that it is the resource of; null for resources of other types.</param>
public sealed record ClusterResource(string Name, string? Type, ClusterResourceState State, string? OwnerNode, VirtualMachineId? VirtualMachine);
