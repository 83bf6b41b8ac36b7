using Spectre.Console;

namespace HostAgent.Cli.Watch.Screen;

/// <summary>What each colour says.</summary>
internal static class Styles
{
    /// <summary>Done and well.</summary>
    public static Style Succeeded { get; } = new(Color.Green);

    /// <summary>Ended otherwise.</summary>
    public static Style Failed { get; } = new(Color.Red);

    /// <summary>At work.</summary>
    public static Style Running { get; } = new(Color.Aqua);

    /// <summary>A person should look.</summary>
    public static Style Attention { get; } = new(Color.Yellow);

    /// <summary>Of no importance now.</summary>
    public static Style Faint { get; } = new(Color.Grey);

    /// <summary>Headings and names.</summary>
    public static Style Strong { get; } = new(decoration: Decoration.Bold);
}
