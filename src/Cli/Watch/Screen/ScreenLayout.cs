namespace HostAgent.Cli.Watch.Screen;

/// <summary>How the cells of a line are shared out, and which parts a terminal of this size has room for.</summary>
internal sealed record ScreenLayout
{
    // Longer names are shortened in narrow terminals, so that the rest fits.
    private const int LongestName = 28;

    private ScreenLayout(int name, int bar, bool counts, int bottom)
    {
        NameWidth = name;
        BarWidth = bar;
        ShowCounts = counts;
        Bottom = bottom;
    }

    /// <summary>Cells for the names of waves and hosts.</summary>
    public int NameWidth { get; }

    /// <summary>Cells for the bars; 0 when there is no room for them.</summary>
    public int BarWidth { get; }

    /// <summary>Whether there is room for the counts of a host.</summary>
    public bool ShowCounts { get; }

    public int Bottom { get; }

    /// <summary>The layout for a terminal of this size.</summary>
    /// <param name="width">Cells of a line.</param>
    /// <param name="height">Lines of the terminal; one is left for the cursor.</param>
    /// <param name="longestName">The longest name to be shown.</param>
    public static ScreenLayout For(int width, int height, int longestName)
    {
        var name = Math.Clamp(longestName, 4, width >= 80 ? LongestName : Math.Max(8, width / 4));
        var bar = width switch
        {
            >= 120 => 30,
            >= 80 => 16,
            >= 56 => 8,
            _ => 0,
        };
        return new ScreenLayout(name, bar, width >= 56, Math.Max(1, height - 1));
    }
}
