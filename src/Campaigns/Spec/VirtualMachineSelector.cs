using HostAgent.Documents;

namespace HostAgent.Campaigns.Spec;

/// <summary>Selects virtual machines: those of these ids, and those that fit a name pattern (if any is given) and all labels.</summary>
/// <param name="Names">Patterns of names, of which one must fit; empty for any.</param>
/// <param name="Ids">Ids; these machines are selected whatever their name and labels.</param>
/// <param name="Labels">Labels that the machine must have, compared exactly; empty for any.</param>
public sealed record VirtualMachineSelector(
    IReadOnlyList<Glob> Names,
    IReadOnlyList<Guid> Ids,
    IReadOnlyDictionary<string, string> Labels);
