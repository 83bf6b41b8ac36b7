using HostAgent.Texts;
using Spectre.Console.Rendering;

namespace HostAgent.Cli.Watch.Screen;

/// <summary>Names in a column.</summary>
internal static class Names
{
    /// <summary>The name padded to the width in cells, or cut with an ellipsis.</summary>
    public static string Fit(string name, int width, Glyphs glyphs)
    {
        var shown = new Segment(VisibleText.Line(name));
        var cells = shown.CellCount();
        if (cells <= width)
        {
            return shown.Text + new string(' ', width - cells);
        }

        var cut = Segment.Truncate(shown, Math.Max(0, width - glyphs.Ellipsis.Length));
        return (cut?.Text ?? string.Empty) + glyphs.Ellipsis + new string(' ', Math.Max(0, width - (cut?.CellCount() ?? 0) - glyphs.Ellipsis.Length));
    }
}
