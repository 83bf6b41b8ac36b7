using HostAgent.Documents;

namespace HostAgent.Campaigns.Spec;

/// <summary>Selects the virtual machines that both parts select.</summary>
/// <param name="Hosts">Which hosts.</param>
/// <param name="VirtualMachines">Which machines on them; null for every one that is eligible.</param>
public sealed record TargetSelector(HostSelector Hosts, VirtualMachineSelector? VirtualMachines);

/// <summary>Selects the hosts that match every part given; every known host without any part.</summary>
/// <param name="Name">The name of the one host; null for any.</param>
/// <param name="Site">The site, case-insensitive; null for any.</param>
/// <param name="Labels">Labels that the host must have, compared exactly; empty for any.</param>
public sealed record HostSelector(string? Name, string? Site, IReadOnlyDictionary<string, string> Labels);

/// <summary>Selects the virtual machines with these ids, and those that match a name pattern.</summary>
/// <param name="Names">Name patterns, of which one must match; empty for any name when there are no ids either.</param>
/// <param name="Ids">Ids; these machines are selected whatever their name.</param>
public sealed record VirtualMachineSelector(
    IReadOnlyList<Glob> Names,
    IReadOnlyList<Guid> Ids);
