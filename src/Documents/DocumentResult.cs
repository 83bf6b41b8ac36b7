using System.Diagnostics.CodeAnalysis;

namespace HostAgent.Documents;

/// <summary>What reading a document gave: its value, or every mistake in it.</summary>
/// <typeparam name="T">The type that the document describes.</typeparam>
public sealed class DocumentResult<T>
    where T : class
{
    private readonly T? _value;

    internal DocumentResult(string source, T? value, IReadOnlyList<DocumentMistake> mistakes)
    {
        Source = source;
        Mistakes = mistakes;
        _value = mistakes.Count == 0 ? value : null;
    }

    /// <summary>How the document is called, for example its file name.</summary>
    public string Source { get; }

    /// <summary>Every mistake, in the order of the document; empty when it is valid.</summary>
    public IReadOnlyList<DocumentMistake> Mistakes { get; }

    /// <summary>Whether the document has no mistake.</summary>
    public bool IsValid => _value is not null;

    /// <summary>The value; null when there is a mistake.</summary>
    public T? Value => _value;

    /// <summary>Gives the value of a valid document.</summary>
    /// <param name="value">The value.</param>
    /// <returns>False when there is a mistake.</returns>
    public bool TryGetValue([NotNullWhen(true)] out T? value)
    {
        value = _value;
        return value is not null;
    }

    /// <summary>Gives the value, or throws with every mistake.</summary>
    /// <returns>The value.</returns>
    /// <exception cref="DocumentException">The document has mistakes.</exception>
    public T Require() => _value ?? throw new DocumentException(Source, Mistakes);
}
