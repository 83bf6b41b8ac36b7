using HostAgent.Documents;

namespace HostAgent.Campaigns.Spec;

/// <summary>Selects virtual machines: those of these ids, and those that fit a name pattern.</summary>
/// <param name="Names">Patterns of names, of which one must fit; empty for any when there are no ids either.</param>
/// <param name="Ids">Ids; these machines are selected whatever their name.</param>
public sealed record VirtualMachineSelector(
    IReadOnlyList<Glob> Names,
    IReadOnlyList<Guid> Ids);
