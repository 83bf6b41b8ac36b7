using Spectre.Console;

namespace HostAgent.Cli.Watch.Screen;

/// <summary>A bar of parts: what succeeded, what did not, what is at work, and the rest.</summary>
/// <param name="Succeeded">The share that succeeded, 0 to 1.</param>
/// <param name="Unsuccessful">The share that ended otherwise, 0 to 1.</param>
/// <param name="Active">The share of what is at work that is already done, 0 to 1.</param>
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
