using HostAgent.Texts;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace HostAgent.Cli.Output;

/// <summary>
/// Aligned columns without lines: readable on a terminal, easy to cut in a pipe. Words and ids are never broken: sentences wrap at
/// blanks. When that does not fit either, each row becomes a record with a line for each field.
/// </summary>
internal sealed class ListTable
{
    private const int Gap = 2;

    // Below this width a sentence is hard to read; a record reads better.
    private const int NarrowestSentence = 24;

    private readonly (string Name, bool IsRight)[] _columns;
    private readonly List<string[]> _rows = [];

    private ListTable(ReadOnlySpan<string> headings)
    {
        _columns = new (string, bool)[headings.Length];
        for (var index = 0; index < headings.Length; index++)
        {
            var heading = headings[index];
            _columns[index] = heading.StartsWith('>') ? (heading[1..], true) : (heading, false);
        }
    }

    /// <summary>A table with these headings; a heading that starts with '&gt;' aligns its column to the right.</summary>
    public static ListTable Create(params ReadOnlySpan<string> headings) => new(headings);

    /// <summary>Adds a row of plain texts: nothing in them is taken for markup, and each stays one line.</summary>
    public void Row(params ReadOnlySpan<string> cells)
    {
        var row = new string[cells.Length];
        for (var index = 0; index < cells.Length; index++)
        {
            row[index] = VisibleText.Line(cells[index]);
        }

        _rows.Add(row);
    }

    /// <summary>Writes the table after an empty line.</summary>
    public void WriteBlock(CommandEnvironment environment)
    {
        environment.Output.WriteLine();
        Write(environment);
    }

    public void Write(CommandEnvironment environment)
    {
        if (Widths(environment.Console.Profile.Width) is { } widths)
        {
            WriteColumns(environment.Console, widths);
        }
        else
        {
            WriteRecords(environment);
        }
    }

    private static int Cells(string text) => new Segment(text).CellCount();

    /// <summary>How wide each column is; null when they do not fit beside each other.</summary>
    private int[]? Widths(int console)
    {
        var whole = new int[_columns.Length];
        var least = new int[_columns.Length];
        for (var column = 0; column < _columns.Length; column++)
        {
            whole[column] = least[column] = Cells(_columns[column].Name);
            foreach (var row in _rows)
            {
                whole[column] = Math.Max(whole[column], Cells(row[column]));
                least[column] = Math.Max(least[column], row[column].Split(' ').Max(Cells));
            }

            // A heading is wrapped no more than a word is.
            least[column] = Math.Min(whole[column], whole[column] > NarrowestSentence ? Math.Max(least[column], NarrowestSentence) : whole[column]);
        }

        var left = console - least.Sum() - (Gap * _columns.Length);
        if (left < 0)
        {
            return null;
        }

        // Narrow columns get all they need; the long sentences wrap.
        foreach (var column in Enumerable.Range(0, _columns.Length).OrderBy(column => whole[column] - least[column]))
        {
            var more = Math.Min(left, whole[column] - least[column]);
            least[column] += more;
            left -= more;
        }

        return least;
    }

    private void WriteColumns(IAnsiConsole console, int[] widths)
    {
        var table = new Table { Border = TableBorder.None };
        for (var index = 0; index < _columns.Length; index++)
        {
            var (name, isRight) = _columns[index];
            table.AddColumn(new TableColumn(new Text(name, new Style(decoration: Decoration.Bold)))
            {
                Padding = new Padding(0, 0, Gap, 0),
                Width = widths[index],
                Alignment = isRight ? Justify.Right : Justify.Left,
            });
        }

        foreach (var row in _rows)
        {
            table.AddRow(row.Select(cell => new Text(cell)));
        }

        console.Write(table);
    }

    private void WriteRecords(CommandEnvironment environment)
    {
        var first = true;
        foreach (var row in _rows)
        {
            if (!first)
            {
                environment.Output.WriteLine();
            }

            first = false;
            for (var column = 0; column < _columns.Length; column++)
            {
                if (row[column].Length > 0)
                {
                    WriteField(environment, $"{_columns[column].Name}: {row[column]}");
                }
            }
        }
    }

    // Wrapped at blanks only. The terminal wraps a word that is wider than itself, so that it can still be copied.
    private static void WriteField(CommandEnvironment environment, string text)
    {
        var line = string.Empty;
        foreach (var word in text.Split(' '))
        {
            if (line.Length > 0 && Cells(line) + 1 + Cells(word) > environment.Console.Profile.Width && !string.IsNullOrWhiteSpace(line))
            {
                environment.Output.WriteLine(line);
                line = "  " + word;
            }
            else
            {
                line = line.Length == 0 ? word : $"{line} {word}";
            }
        }

        environment.Output.WriteLine(line);
    }
}
