using System.Text;
using Spectre.Console;

namespace HostAgent.Cli;

/// <summary>Standard output. When it is closed or its disk is full, the command fails with one sentence.</summary>
internal sealed class StandardOutput(TextWriter inner) : TextWriter, IAnsiConsoleOutput
{
    // It knows terminals and sizes only for the console's own writer.
    private readonly AnsiConsoleOutput _console = new(inner);

    /// <inheritdoc/>
    public override Encoding Encoding => inner.Encoding;

    /// <inheritdoc/>
    public TextWriter Writer => this;

    /// <inheritdoc/>
    public bool IsTerminal => _console.IsTerminal;

    /// <inheritdoc/>
    public int Width => _console.Width;

    /// <inheritdoc/>
    public int Height => _console.Height;

    /// <summary>Whether an exception means that an output stream takes nothing.</summary>
    public static bool IsRefusal(Exception failure) => failure is IOException or UnauthorizedAccessException or ObjectDisposedException;

    /// <inheritdoc/>
    public void SetEncoding(Encoding encoding) => _console.SetEncoding(encoding);

    /// <inheritdoc/>
    public override void Write(char value) => Try(() => inner.Write(value));

    /// <inheritdoc/>
    public override void Write(string? value) => Try(() => inner.Write(value));

    /// <inheritdoc/>
    public override void Write(char[] buffer, int index, int count) => Try(() => inner.Write(buffer, index, count));

    /// <inheritdoc/>
    public override void WriteLine(string? value) => Try(() => inner.WriteLine(value));

    /// <inheritdoc/>
    public override void WriteLine() => Try(inner.WriteLine);

    /// <inheritdoc/>
    public override Task WriteAsync(string? value) => Task.Run(() => Write(value));

    /// <inheritdoc/>
    public override Task WriteLineAsync(string? value) => Task.Run(() => WriteLine(value));

    /// <inheritdoc/>
    public override void Flush() => Try(inner.Flush);

    private static void Try(Action write)
    {
        try
        {
            write();
        }
        catch (Exception exception) when (IsRefusal(exception))
        {
            // On Unix HResult is the system's own number: 28 is ENOSPC.
            var reason = exception is IOException { HResult: 28 } ? "the disk is full" : exception is IOException ? exception.Message.TrimEnd('.') : "it is closed";
            throw new CommandException(ExitCode.Failed, $"Standard output cannot be written: {reason}.");
        }
    }
}
