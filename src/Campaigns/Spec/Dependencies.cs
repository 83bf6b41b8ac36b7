using HostAgent.Documents;

namespace HostAgent.Campaigns.Spec;

/// <summary>Items that start only after others have succeeded.</summary>
/// <param name="Item">The items that wait.</param>
/// <param name="After">The items they wait for: all of them.</param>
public sealed record DependencySpec(DependencyEnd Item, DependencyEnd After);

/// <summary>One end of a dependency: items by the name of the machine and, if given, of the host.</summary>
/// <param name="VirtualMachine">The pattern of the machine's name.</param>
/// <param name="Host">The pattern of the host's name; null for any.</param>
public sealed record DependencyEnd(Glob VirtualMachine, Glob? Host)
{
    /// <inheritdoc/>
    public override string ToString() => Host is null ? VirtualMachine.Pattern : $"{VirtualMachine.Pattern} on {Host.Pattern}";
}
