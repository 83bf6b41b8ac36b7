using HostAgent.Documents;

namespace HostAgent.Campaigns.Spec;

/// <summary>Selects virtual machines: those that both parts select.</summary>
/// <param name="Hosts">Which hosts.</param>
/// <param name="VirtualMachines">Which machines on them; null for every one that is eligible.</param>
public sealed record TargetSelector(HostSelector Hosts, VirtualMachineSelector? VirtualMachines);

/// <summary>Selects hosts: those that fit every part that is given; with no part, every known host.</summary>
/// <param name="Name">The name of the one host; null for any.</param>
/// <param name="Site">The site, compared without case; null for any.</param>
/// <param name="Labels">Labels that the host must have, compared exactly; empty for any.</param>
public sealed record HostSelector(string? Name, string? Site, IReadOnlyDictionary<string, string> Labels);

/// <summary>Selects virtual machines: those of these ids, and those that fit a name pattern.</summary>
/// <param name="Names">Patterns of names, of which one must fit; empty for any when there are no ids either.</param>
/// <param name="Ids">Ids; these machines are selected whatever their name.</param>
public sealed record VirtualMachineSelector(
    IReadOnlyList<Glob> Names,
    IReadOnlyList<Guid> Ids);
