using Spectre.Console;

namespace HostAgent.Cli.Output;

/// <summary>Aligned columns without lines: readable on a terminal, easy to cut in a pipe.</summary>
internal static class ListTable
{
    /// <summary>A table with these headings; a heading that starts with '&gt;' aligns its column to the right.</summary>
    public static Table Create(params ReadOnlySpan<string> headings)
    {
        var table = new Table { Border = TableBorder.None };
        foreach (var heading in headings)
        {
            var right = heading.StartsWith('>');
            var column = new TableColumn(new Text(right ? heading[1..] : heading, new Style(decoration: Decoration.Bold)))
            {
                Padding = new Padding(0, 0, 2, 0),
            };
            table.AddColumn(right ? column.RightAligned() : column);
        }

        return table;
    }

    /// <summary>Adds a row of plain texts: nothing in them is taken for markup.</summary>
    public static void Row(this Table table, params ReadOnlySpan<string> cells)
    {
        var texts = new Text[cells.Length];
        for (var index = 0; index < cells.Length; index++)
        {
            texts[index] = new Text(cells[index]);
        }

        table.AddRow(texts);
    }

    /// <summary>Writes the table after an empty line.</summary>
    public static void WriteBlock(this Table table, Shell shell)
    {
        shell.Output.WriteLine();
        shell.Console.Write(table);
    }
}
