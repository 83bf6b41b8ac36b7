namespace HostAgent.Benchmarks;

/// <summary>The parts of a Markdown file that a benchmark writes, each between two comments.</summary>
internal static class MeasuredTables
{
    private const string End = "<!-- measured end -->";

    /// <summary>Replaces what stands between the comments of one benchmark.</summary>
    /// <param name="markdown">The whole file.</param>
    /// <param name="name">The benchmark's name, as its comment has it.</param>
    /// <param name="tables">What is to stand there.</param>
    /// <exception cref="FormatException">The comments are not there.</exception>
    public static string Replace(string markdown, string name, string tables)
    {
        var begin = $"<!-- measured: {name} -->";
        var from = markdown.IndexOf(begin, StringComparison.Ordinal);
        var to = from < 0 ? -1 : markdown.IndexOf(End, from, StringComparison.Ordinal);
        return to < 0
            ? throw new FormatException($"The file has no tables between '{begin}' and '{End}'.")
            : $"{markdown[..(from + begin.Length)]}\n\n{tables.ReplaceLineEndings("\n").Trim('\n')}\n\n{markdown[to..]}";
    }
}
