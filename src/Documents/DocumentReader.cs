namespace HostAgent.Documents;

/// <summary>
/// Reads a YAML or JSON text (JSON is YAML) in one pass and collects every error with its place, so that the author
/// can fix them all at once. Anchors, aliases, tags and several documents in one text are refused: nothing we read needs
/// them, and aliases can expand a small text to any size.
/// </summary>
public static class DocumentReader
{
    /// <summary>Reads a document.</summary>
    /// <typeparam name="T">The type that the document describes.</typeparam>
    /// <param name="text">The text.</param>
    /// <param name="source">How the text is called in messages, for example its file name.</param>
    /// <param name="read">
    /// Builds the value from the document's outermost mapping. It must ask for every key it knows, whatever the values are
    /// (any other key is an error), and must not throw on a wrong value: its result is then discarded.
    /// </param>
    /// <param name="limits">How large the document may be; null for <see cref="DocumentLimits.Default"/>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The value, or every error.</returns>
    /// <exception cref="OperationCanceledException">It was given up.</exception>
    public static DocumentResult<T> Read<T>(string text, string source, Func<MappingReader, T> read, DocumentLimits? limits = null, CancellationToken cancellationToken = default)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(read);
        limits ??= DocumentLimits.Default;

        var errors = new DocumentErrorList(limits.Errors, new ReadingBudget(limits.Time, cancellationToken));
        var root = TreeParser.Parse(text, limits, errors);
        T? value = null;
        if (root is MappingNode)
        {
            try
            {
                value = new Field(string.Empty, root, root, errors).Mapping(read);
            }
            catch (UnreadableException exception)
            {
                errors.Add(exception);
            }
        }
        else if (root is not null)
        {
            errors.Add(root, root.Path, root.Describe(), "a mapping", "The document is not a mapping of keys to values.");
        }

        return new DocumentResult<T>(source, value, errors.InOrder());
    }
}
