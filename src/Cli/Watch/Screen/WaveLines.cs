using HostAgent.Contracts.Campaigns.V1;
using Spectre.Console;

namespace HostAgent.Cli.Watch.Screen;

/// <summary>One line for each wave: its state, its bar, its counts, and what its gate waits for.</summary>
internal static class WaveLines
{
    /// <summary>The lines of the waves, at most <paramref name="most"/> of them around the running one, and an empty line.</summary>
    public static IEnumerable<ScreenLine> Draw(IReadOnlyList<Wave> waves, int most, ScreenLayout layout, Glyphs glyphs)
    {
        var first = FirstShown(waves, most);
        foreach (var wave in waves.Skip(first).Take(most))
        {
            yield return Line(wave, layout, glyphs);
        }

        if (waves.Count > most)
        {
            yield return new ScreenLine().Add($"  {glyphs.Ellipsis} waves {first + 1} to {first + most} of {waves.Count}", Styles.Faint);
        }

        yield return ScreenLine.Empty;
    }

    private static int FirstShown(IReadOnlyList<Wave> waves, int most)
    {
        if (waves.Count <= most)
        {
            return 0;
        }

        var current = 0;
        while (current < waves.Count - 1 && waves[current].State == WaveState.Done)
        {
            current++;
        }

        return Math.Clamp(current - 1, 0, waves.Count - most);
    }

    private static ScreenLine Line(Wave wave, ScreenLayout layout, Glyphs glyphs)
    {
        var counts = wave.Counts ?? new ItemCounts();
        var (glyph, style) = Sign(wave, counts, glyphs);
        var line = new ScreenLine().Add($"{glyph} ", style).Add(Names.Fit(wave.Name, layout.NameWidth, glyphs), style);
        if (layout.BarWidth > 0)
        {
            line.Add("  ").Add(BarOf(wave, counts), layout.BarWidth, glyphs);
        }

        line.Add($"  {wave.PercentComplete,3}%").Add($"  {$"{counts.Done()}/{counts.Total}",7}");
        if (wave.WaitingFor.Length > 0)
        {
            line.Add($"  waits for {wave.WaitingFor}", Styles.Attention);
        }
        else if (counts.Active() > 0)
        {
            line.Add($"  {counts.Active()} running", Styles.Running);
        }

        return line;
    }

    private static (string Glyph, Style Style) Sign(Wave wave, ItemCounts counts, Glyphs glyphs) => wave.State switch
    {
        WaveState.Done when counts.AllSucceeded() == counts.Total => (glyphs.Succeeded, Styles.Succeeded),
        WaveState.Done => (glyphs.Attention, Styles.Attention),
        WaveState.AtGate => (glyphs.Running, Styles.Attention),
        WaveState.Running => (glyphs.Running, Styles.Running),
        _ => (glyphs.Waiting, Styles.Faint),
    };

    private static Bar BarOf(Wave wave, ItemCounts counts)
    {
        if (counts.Total == 0)
        {
            return new Bar(0, 0, 0);
        }

        double total = counts.Total;
        var done = counts.Done() / total;
        var succeeded = counts.AllSucceeded() / total;
        return new Bar(succeeded, done - succeeded, Math.Max(0, (wave.PercentComplete / 100.0) - done));
    }
}
