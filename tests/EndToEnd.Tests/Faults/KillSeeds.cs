using System.Globalization;

namespace HostAgent.EndToEnd.Tests.Faults;

/// <summary>
/// The seeds of the kill runs, each of which decides what is killed, and when. RETURN_SEEDS sets them: a number for that many from 1 on, or the first and
/// the last, as in 11-20. Seed 1 without it.
/// </summary>
internal static class KillSeeds
{
    private const string Variable = "RETURN_SEEDS";

    /// <summary>The seeds.</summary>
    /// <exception cref="FormatException">The variable says something else.</exception>
    public static IEnumerable<int> Asked => Parse(Environment.GetEnvironmentVariable(Variable) ?? "1");

    private static IEnumerable<int> Parse(string text)
    {
        var parts = text.Split('-');
        return parts.Length <= 2
            && int.TryParse(parts[^1], NumberStyles.None, CultureInfo.InvariantCulture, out var last)
            && int.TryParse(parts.Length == 2 ? parts[0] : "1", NumberStyles.None, CultureInfo.InvariantCulture, out var first)
            && first >= 1 && last >= first
            ? Enumerable.Range(first, last - first + 1)
            : throw new FormatException($"{Variable} is '{text}'; it must be a number of seeds, or the first and the last, as in 11-20");
    }
}
