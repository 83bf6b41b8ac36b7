using Spectre.Console;
using Spectre.Console.Rendering;

namespace HostAgent.Cli.Watch.Screen;

/// <summary>
/// One line of the screen, built from left to right. It never wraps: what does not fit ends in an ellipsis. Every line is padded
/// to its full width, because a live view overwrites the former one in place.
/// </summary>
internal sealed class ScreenLine
{
    private readonly List<Segment> _segments = [];

    /// <summary>How many cells are taken.</summary>
    public int Length { get; private set; }

    /// <summary>An empty line.</summary>
    public static ScreenLine Empty => new();

    /// <summary>Adds text. Line breaks and control characters in it become spaces.</summary>
    public ScreenLine Add(string text, Style? style = null)
    {
        if (text.Length > 0)
        {
            var segment = new Segment(Printable(text), style ?? Style.Plain);
            _segments.Add(segment);
            Length += segment.CellCount();
        }

        return this;
    }

    /// <summary>Adds spaces up to a column, or one space when the column is already passed.</summary>
    public ScreenLine To(int column) => Add(new string(' ', Math.Max(1, column - Length)));

    /// <summary>Adds a bar.</summary>
    public ScreenLine Add(Bar bar, int width, Glyphs glyphs)
    {
        foreach (var (text, style) in bar.Draw(width, glyphs))
        {
            Add(text, style);
        }

        return this;
    }

    /// <summary>The pieces of the line, exactly <paramref name="width"/> cells.</summary>
    public IEnumerable<Segment> Fit(int width, Glyphs glyphs)
    {
        if (Length <= width)
        {
            return Length == width ? _segments : [.. _segments, Segment.Padding(width - Length)];
        }

        var kept = Segment.Truncate(_segments, Math.Max(0, width - glyphs.Ellipsis.Length)).ToList();
        kept.Add(new Segment(glyphs.Ellipsis));
        var length = Segment.CellCount(kept);
        if (length < width)
        {
            kept.Add(Segment.Padding(width - length));
        }

        return kept;
    }

    private static string Printable(string text)
        => text.AsSpan().ContainsAnyInRange('\0', '\x1f') || text.Contains('\x7f') || text.Contains('\x9b')
            ? string.Concat(text.Select(letter => char.IsControl(letter) ? ' ' : letter))
            : text;
}
