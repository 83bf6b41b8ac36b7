using System.Text.RegularExpressions;

namespace HostAgent.HyperV.Simulation.Internal;

/// <summary>Paths of the simulated host, which are Windows paths wherever the simulation runs.</summary>
internal static partial class WindowsPath
{
    public const int MaxLength = 260;

    /// <summary>Whether a text is a path from a drive or a share on.</summary>
    public static bool IsWhole(string? path) => path is { Length: <= MaxLength } && Whole().IsMatch(path);

    [GeneratedRegex("""^(?:[A-Za-z]:\\|\\\\[^\\/:*?"<>|]+\\[^\\/:*?"<>|]+)[^/:*?"<>|]*\z""", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Whole();
}
