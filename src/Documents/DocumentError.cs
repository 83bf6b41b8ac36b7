namespace HostAgent.Documents;

/// <summary>One error in a document.</summary>
/// <param name="Path">Where in the document, for example <c>spec.waves[1].ramp.factor</c>; empty for the document as a whole.</param>
/// <param name="Line">The line, from 1; 0 when it has none.</param>
/// <param name="Column">The column, from 1; 0 when it has none.</param>
/// <param name="Value">The value as it stands in the document, shortened to 200 characters; empty when something is missing.</param>
/// <param name="Allowed">What is allowed in its place.</param>
/// <param name="Message">One sentence that names the thing, the value and what is allowed.</param>
public sealed record DocumentError(string Path, int Line, int Column, string Value, string Allowed, string Message)
{
    /// <summary>Formats the error as compilers do, <c>source:line:column: message</c>.</summary>
    /// <param name="source">How the document is called, for example its file name.</param>
    /// <returns>One line.</returns>
    public string Format(string source) => Line == 0 ? $"{source}: {Message}" : $"{source}:{Line}:{Column}: {Message}";
}
