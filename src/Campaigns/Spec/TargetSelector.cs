namespace HostAgent.Campaigns.Spec;

/// <summary>Selects virtual machines: those that both parts select.</summary>
/// <param name="Hosts">Which hosts.</param>
/// <param name="VirtualMachines">Which machines on them; null for every one that is eligible.</param>
public sealed record TargetSelector(HostSelector Hosts, VirtualMachineSelector? VirtualMachines);
