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
