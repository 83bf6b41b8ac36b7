using System.Text;

namespace HostAgent.Texts;

/// <summary>
/// Reads text files as every part of the product does: UTF-8 with or without a byte order mark, or UTF-16 with one. Other bytes
/// are refused with their position, not read as replacement characters.
/// </summary>
public static class TextFile
{
    /// <summary>Reads a whole file.</summary>
    /// <param name="path">The file; messages name it.</param>
    /// <returns>The text without a byte order mark.</returns>
    /// <exception cref="NotTextException">It has bytes that are not text.</exception>
    public static string Read(string path)
    {
        using var reader = Open(path);
        return reader.ReadToEnd();
    }

    /// <inheritdoc cref="Read(string)"/>
    /// <param name="path">The file; messages name it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<string> ReadAsync(string path, CancellationToken cancellationToken)
    {
        using var reader = Open(path);
        return await reader.ReadToEndAsync(cancellationToken);
    }

    /// <summary>Opens a file to be read in parts.</summary>
    /// <param name="path">The file; messages name it.</param>
    /// <returns>A reader whose methods throw <see cref="NotTextException"/>.</returns>
    public static TextReader Open(string path) => Open(OpenBytes(path), path);

    /// <summary>Opens a file whose bytes need not be text.</summary>
    /// <param name="path">The file.</param>
    /// <returns>Its bytes.</returns>
    /// <exception cref="IOException">It cannot be opened, or is a directory.</exception>
    /// <exception cref="UnauthorizedAccessException">This account may not read it.</exception>
    public static FileStream OpenBytes(string path)
    {
        try
        {
            return new FileStream(path, new FileStreamOptions { Access = FileAccess.Read, Share = FileShare.ReadWrite | FileShare.Delete, BufferSize = 0 });
        }
        catch (UnauthorizedAccessException exception) when (Directory.Exists(path))
        {
            // The runtime says that access is denied, to root too.
            throw new IOException("it is a directory.", exception);
        }
    }

    /// <summary>Reads what a stream holds, for example standard input.</summary>
    /// <param name="stream">The stream; closed with the reader.</param>
    /// <param name="source">Its name in messages.</param>
    /// <returns>A reader whose methods throw <see cref="NotTextException"/>.</returns>
    public static TextReader Open(Stream stream, string source) => new StrictReader(stream, source);

    /// <summary>Reads bytes that are held already.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="source">Their name in messages.</param>
    /// <returns>The text without a byte order mark.</returns>
    /// <exception cref="NotTextException">They are not text.</exception>
    public static string Decode(byte[] bytes, string source)
    {
        using var reader = Open(new MemoryStream(bytes, writable: false), source);
        return reader.ReadToEnd();
    }

    /// <summary>The encoding of everything that is written: UTF-8 without a byte order mark.</summary>
    public static Encoding Utf8 { get; } = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
}

/// <summary>A file has bytes that are no text.</summary>
public sealed class NotTextException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="source">How the file is called.</param>
    /// <param name="line">The line, from 1.</param>
    /// <param name="column">The column in characters, from 1.</param>
    /// <param name="what">What is there, for example <c>the byte 0xFC is not valid UTF-8</c>.</param>
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
