namespace HostAgent.Cli.Watch.Screen;

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
