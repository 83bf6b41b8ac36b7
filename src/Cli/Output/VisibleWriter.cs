using System.Text;
using HostAgent.Texts;

namespace HostAgent.Cli.Output;

/// <summary>
/// What every command writes to. Sentences have names and reasons in them that come from hosts and people, so <c>WriteLine</c> writes
/// one line whatever its text has, and <c>Write</c> keeps line ends and escapes other invisible characters. Commands need not care.
/// </summary>
internal sealed class VisibleWriter(TextWriter inner) : TextWriter
{
    /// <inheritdoc/>
    public override Encoding Encoding => inner.Encoding;

    /// <inheritdoc/>
    public override void Write(char value) => Write(value.ToString());

    /// <inheritdoc/>
    public override void Write(char[] buffer, int index, int count) => Write(new string(buffer, index, count));

    /// <inheritdoc/>
    public override void Write(string? value) => inner.Write(VisibleText.Lines(value ?? string.Empty));

    /// <inheritdoc/>
    public override void WriteLine() => inner.WriteLine();

    /// <inheritdoc/>
    public override void WriteLine(string? value) => inner.WriteLine(VisibleText.Line(value ?? string.Empty));

    /// <inheritdoc/>
    public override Task WriteAsync(string? value) => inner.WriteAsync(VisibleText.Lines(value ?? string.Empty));

    /// <inheritdoc/>
    public override Task WriteLineAsync(string? value) => inner.WriteLineAsync(VisibleText.Line(value ?? string.Empty));

    /// <inheritdoc/>
    public override void Flush() => inner.Flush();

    /// <inheritdoc/>
    public override Task FlushAsync() => inner.FlushAsync();
}
