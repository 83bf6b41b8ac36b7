namespace HostAgent.Documents;

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
