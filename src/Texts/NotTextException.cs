namespace HostAgent.Texts;

/// <summary>A file has bytes that are no text.</summary>
public sealed class NotTextException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="source">How the file is called.</param>
    /// <param name="line">The line, from 1.</param>
    /// <param name="column">The column in characters, from 1.</param>
    /// <param name="what">What stands there, for example <c>the byte 0xFC is not valid UTF-8</c>.</param>
    public NotTextException(string source, int line, int column, string what)
        : base($"{source}:{line}:{column}: {what}; the file must be saved as UTF-8, or as UTF-16 with a byte order mark.")
    {
        Line = line;
        Column = column;
    }

    /// <summary>The line, from 1.</summary>
    public int Line { get; }

    /// <summary>The column in characters, from 1.</summary>
    public int Column { get; }
}
