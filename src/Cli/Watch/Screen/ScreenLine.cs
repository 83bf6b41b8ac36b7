using HostAgent.Texts;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace HostAgent.Cli.Watch.Screen;

/// <summary>
/// One line of the screen, built from left to right. It never wraps: what does not fit ends in an ellipsis. Every line is padded
/// to its full width, because a live view overwrites the previous one in place.
/// </summary>
internal sealed class ScreenLine
{
    private readonly List<Segment> _segments = [];

    public int Length { get; private set; }

    public static ScreenLine Empty => new();

    /// <summary>Adds text. What cannot be seen in it is written out.</summary>
    public ScreenLine Add(string text, Style? style = null)
    {
        if (text.Length > 0)
        {
            var segment = new Segment(VisibleText.Line(text), style ?? Style.Plain);
            _segments.Add(segment);
            Length += segment.CellCount();
        }

        return this;
    }

    /// <summary>Adds spaces up to a column, or one space when the column is already passed.</summary>
    public ScreenLine To(int column) => Add(new string(' ', Math.Max(1, column - Length)));

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

        return Shortened(width, glyphs);
    }

    private List<Segment> Shortened(int width, Glyphs glyphs)
    {
        List<Segment> kept = [];
        var room = Math.Max(0, width - glyphs.Ellipsis.Length);
        foreach (var segment in _segments)
        {
            var cells = segment.CellCount();
            if (cells > room)
            {
                if (Segment.Truncate(segment, room) is { } cut)
                {
                    kept.Add(cut);
                    room -= cut.CellCount();
                }

                break;
            }

            kept.Add(segment);
            room -= cells;
        }

        kept.Add(new Segment(width >= glyphs.Ellipsis.Length ? glyphs.Ellipsis : glyphs.Ellipsis[..width]));
        if (room > 0)
        {
            // A wide character that does not fit leaves a cell over.
            kept.Add(Segment.Padding(room));
        }

        return kept;
    }
}

/// <summary>The lines of the screen as one thing to draw.</summary>
internal sealed class ScreenLines(IReadOnlyList<ScreenLine> lines, Glyphs glyphs) : Renderable
{
    /// <inheritdoc/>
    protected override Measurement Measure(RenderOptions options, int maxWidth) => new(maxWidth, maxWidth);

    /// <inheritdoc/>
    protected override IEnumerable<Segment> Render(RenderOptions options, int maxWidth)
    {
        foreach (var line in lines)
        {
            foreach (var segment in line.Fit(maxWidth, glyphs))
            {
                yield return segment;
            }

            yield return Segment.LineBreak;
        }
    }
}
