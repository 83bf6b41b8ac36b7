namespace HostAgent.Documents;

/// <summary>A document that had to be valid is not.</summary>
public sealed class DocumentException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="source">How the document is called.</param>
    /// <param name="mistakes">Every mistake; at least one.</param>
    public DocumentException(string source, IReadOnlyList<DocumentMistake> mistakes)
        : base(string.Join('\n', mistakes.Select(mistake => mistake.Format(source))))
    {
        DocumentSource = source;
        Mistakes = mistakes;
    }

    /// <summary>How the document is called, for example its file name.</summary>
    public string DocumentSource { get; }

    /// <summary>Every mistake, in the order of the document.</summary>
    public IReadOnlyList<DocumentMistake> Mistakes { get; }
}
