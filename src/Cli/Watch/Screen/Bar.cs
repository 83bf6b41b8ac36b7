using HostAgent.Texts;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace HostAgent.Cli.Watch.Screen;

/// <summary>A bar of parts: succeeded, not succeeded, running, and the rest.</summary>
/// <param name="Succeeded">The share that succeeded, 0 to 1.</param>
/// <param name="Unsuccessful">The share that ended otherwise, 0 to 1.</param>
/// <param name="Active">The finished share of what is running, 0 to 1.</param>
internal sealed record Bar(double Succeeded, double Unsuccessful, double Active)
{
    /// <summary>The pieces from left to right, together <paramref name="width"/> cells.</summary>
    public IEnumerable<(string Text, Style Style)> Draw(int width, Glyphs glyphs)
    {
        var done = Cells(Succeeded, width);
        var bad = Cells(Succeeded + Unsuccessful, width) - done;

        // One failure among thousands is less than a cell, and must be seen.
        if (bad == 0 && Unsuccessful > 0 && width > 0)
        {
            bad = 1;
            done = Math.Min(done, width - 1);
        }

        var active = Math.Max(0, Cells(Succeeded + Unsuccessful + Active, width) - done - bad);
        var rest = width - done - bad - active;
        yield return (new string(glyphs.Full, done), Styles.Succeeded);
        yield return (new string(glyphs.Full, bad), Styles.Failed);
        yield return (new string(glyphs.Full, active), Styles.Running);
        yield return (new string(glyphs.Rest, rest), Styles.Faint);
    }

    // Rounds down, so that a bar is full only when everything is done.
    private static int Cells(double share, int width) => (int)Math.Floor(Math.Clamp(share, 0, 1) * width + 1e-9);
}

/// <summary>The signs that a terminal can show.</summary>
internal sealed record Glyphs(
    char Full, char Rest, string Ellipsis, string Separator, string Succeeded, string Running, string Waiting, string Failed, string Attention)
{
    /// <summary>For terminals with Unicode.</summary>
    public static Glyphs Unicode { get; } = new('━', '─', "…", "·", "✔", "▶", "·", "✘", "!");

    /// <summary>For terminals without.</summary>
    public static Glyphs Ascii { get; } = new('#', '-', "...", "|", "+", ">", ".", "x", "!");

    /// <summary>Those for a terminal with or without Unicode.</summary>
    public static Glyphs For(bool unicode) => unicode ? Unicode : Ascii;
}

internal static class Styles
{
    /// <summary>Done and well.</summary>
    public static Style Succeeded { get; } = new(Color.Green);

    /// <summary>Ended otherwise.</summary>
    public static Style Failed { get; } = new(Color.Red);

    public static Style Running { get; } = new(Color.Aqua);

    /// <summary>A person should look.</summary>
    public static Style Attention { get; } = new(Color.Yellow);

    /// <summary>Of no importance now.</summary>
    public static Style Faint { get; } = new(Color.Grey);

    /// <summary>Headings and names.</summary>
    public static Style Strong { get; } = new(decoration: Decoration.Bold);
}

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
