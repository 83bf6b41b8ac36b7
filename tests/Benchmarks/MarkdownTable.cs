using System.Text;

namespace HostAgent.Benchmarks;

/// <summary>A table as Markdown has it.</summary>
internal static class MarkdownTable
{
    public static string Of(IEnumerable<string> heads, IEnumerable<IEnumerable<string>> rows)
    {
        var columns = heads.ToList();
        var text = new StringBuilder();
        Append(text, columns);
        // The first column names the row; numbers stand on the right.
        Append(text, columns.Select((_, index) => index == 0 ? "---" : "--:"));
        foreach (var row in rows)
        {
            Append(text, row);
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, IEnumerable<string> cells) => text.Append("| ").AppendJoin(" | ", cells).AppendLine(" |");
}
