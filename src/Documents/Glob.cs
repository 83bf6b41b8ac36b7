using System.IO.Enumeration;

namespace HostAgent.Documents;

/// <summary>A pattern with <c>*</c> (any characters) and <c>?</c> (one character), compared without case.</summary>
/// <param name="Pattern">The pattern.</param>
public sealed record Glob(string Pattern)
{
    /// <summary>Whether a name fits the pattern.</summary>
    /// <param name="name">The name.</param>
    /// <returns>True when it does.</returns>
    public bool Matches(string name) => FileSystemName.MatchesSimpleExpression(Pattern, name, ignoreCase: true);

    /// <inheritdoc/>
    public override string ToString() => Pattern;
}
