using HostAgent.Documents;

namespace HostAgent.Campaigns.Spec;

/// <summary>One end of a dependency: items by the name of the machine and, if given, of the host.</summary>
/// <param name="VirtualMachine">The pattern of the machine's name.</param>
/// <param name="Host">The pattern of the host's name; null for any.</param>
public sealed record DependencyEnd(Glob VirtualMachine, Glob? Host)
{
    /// <inheritdoc/>
    public override string ToString() => Host is null ? VirtualMachine.Pattern : $"{VirtualMachine.Pattern} on {Host.Pattern}";
}
