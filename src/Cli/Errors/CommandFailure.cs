namespace HostAgent.Cli.Errors;

/// <summary>A command cannot go on: what to tell the person, and what to tell the calling shell.</summary>
/// <param name="exitCode">One of <see cref="ExitCode"/>.</param>
/// <param name="lines">One sentence, or for a document one line for each error. Never empty.</param>
internal sealed class CommandFailure(int exitCode, params IReadOnlyList<string> lines) : Exception(string.Join(Environment.NewLine, lines))
{
    /// <summary>One of <see cref="Cli.ExitCode"/>.</summary>
    public int ExitCode { get; } = exitCode;

    /// <summary>What to print on the error stream.</summary>
    public IReadOnlyList<string> Lines { get; } = lines;
}
