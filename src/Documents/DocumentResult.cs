using System.Diagnostics.CodeAnalysis;

namespace HostAgent.Documents;

/// <summary>What reading a document gave: its value, or every error in it.</summary>
/// <typeparam name="T">The type that the document describes.</typeparam>
public sealed class DocumentResult<T>
    where T : class
{
    private readonly T? _value;

    internal DocumentResult(string source, T? value, IReadOnlyList<DocumentError> errors)
    {
        Source = source;
        Errors = errors;
        _value = errors.Count == 0 ? value : null;
    }

    /// <summary>How the document is called, for example its file name.</summary>
    public string Source { get; }

    /// <summary>Every error, in the order of the document; empty when it is valid.</summary>
    public IReadOnlyList<DocumentError> Errors { get; }

    /// <summary>Whether the document has no error.</summary>
    public bool IsValid => _value is not null;

    /// <summary>The value; null when there is an error.</summary>
    public T? Value => _value;

    /// <summary>Gives the value of a valid document.</summary>
    /// <param name="value">The value.</param>
    /// <returns>False when there is an error.</returns>
    public bool TryGetValue([NotNullWhen(true)] out T? value)
    {
        value = _value;
        return value is not null;
    }

    /// <summary>Gives the value, or throws with every error.</summary>
    /// <returns>The value.</returns>
    /// <exception cref="DocumentException">The document has errors.</exception>
    public T Require() => _value ?? throw new DocumentException(Source, Errors);
}

/// <summary>One error in a document.</summary>
/// <param name="Path">Where in the document, for example <c>spec.waves[1].ramp.factor</c>; empty for the document as a whole.</param>
/// <param name="Line">The line, from 1; 0 when it has none.</param>
/// <param name="Column">The column, from 1; 0 when it has none.</param>
/// <param name="Value">The value as written in the document, shortened to 200 characters; empty when something is missing.</param>
/// <param name="Allowed">What is allowed in its place.</param>
/// <param name="Message">One sentence that names the thing, the value and what is allowed.</param>
public sealed record DocumentError(string Path, int Line, int Column, string Value, string Allowed, string Message)
{
    /// <summary>Formats the error as compilers do, <c>source:line:column: message</c>.</summary>
    /// <param name="source">How the document is called, for example its file name.</param>
    /// <returns>One line.</returns>
    public string Format(string source) => Line == 0 ? $"{source}: {Message}" : $"{source}:{Line}:{Column}: {Message}";
}

/// <summary>A document that had to be valid is not.</summary>
public sealed class DocumentException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="source">How the document is called.</param>
    /// <param name="errors">Every error; at least one.</param>
    public DocumentException(string source, IReadOnlyList<DocumentError> errors)
        : base(string.Join('\n', errors.Select(error => error.Format(source))))
    {
        DocumentSource = source;
        Errors = errors;
    }

    /// <summary>How the document is called, for example its file name.</summary>
    public string DocumentSource { get; }

    /// <summary>Every error, in the order of the document.</summary>
    public IReadOnlyList<DocumentError> Errors { get; }
}
