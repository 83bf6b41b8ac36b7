namespace HostAgent.Cli.Watch.Screen;

/// <summary>Names in a column.</summary>
internal static class Names
{
    /// <summary>The name padded to the width, or cut with an ellipsis.</summary>
    public static string Fit(string name, int width, Glyphs glyphs)
        => name.Length <= width ? name.PadRight(width) : name[..Math.Max(0, width - glyphs.Ellipsis.Length)] + glyphs.Ellipsis;
}
