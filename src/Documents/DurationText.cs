using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace HostAgent.Documents;

/// <summary>Durations as people write them: <c>30s</c>, <c>10m</c>, <c>24h</c>, <c>1h30m</c>; units d, h, m, s, ms, largest first.</summary>
public static partial class DurationText
{
    /// <summary>The form for JSON Schema; with a least length of 2 it excludes the empty text.</summary>
    internal const string SchemaPattern = "^([0-9]{1,6}d)?([0-9]{1,8}h)?([0-9]{1,9}m)?([0-9]{1,9}s)?([0-9]{1,9}ms)?$";

    /// <summary>Reads a duration.</summary>
    /// <param name="text">The text.</param>
    /// <param name="duration">The duration.</param>
    /// <returns>Whether the text is one.</returns>
    public static bool TryRead(string text, out TimeSpan duration)
    {
        duration = TimeSpan.Zero;
        var match = Pattern().Match(text);
        if (!match.Success || text.Length == 0)
        {
            return false;
        }

        // Each group is at most nine digits, so that the sum stays far inside TimeSpan.
        duration = TimeSpan.FromDays(Part("d")) + TimeSpan.FromHours(Part("h")) + TimeSpan.FromMinutes(Part("m"))
            + TimeSpan.FromSeconds(Part("s")) + TimeSpan.FromMilliseconds(Part("ms"));
        return true;

        int Part(string unit) => match.Groups[unit] is { Success: true } group ? int.Parse(group.ValueSpan, CultureInfo.InvariantCulture) : 0;
    }

    /// <summary>Writes a duration so that it reads back equal, to the millisecond.</summary>
    /// <param name="duration">The duration, not negative.</param>
    /// <returns>The text.</returns>
    public static string Write(TimeSpan duration)
    {
        var text = new StringBuilder();
        // Hours rather than days: a day in operation has 24 hours, and 24h is how it is written.
        Append((long)duration.TotalHours, "h");
        Append(duration.Minutes, "m");
        Append(duration.Seconds, "s");
        Append(duration.Milliseconds, "ms");
        return text.Length == 0 ? "0s" : text.ToString();

        void Append(long number, string unit)
        {
            if (number != 0)
            {
                text.Append(CultureInfo.InvariantCulture, $"{number}{unit}");
            }
        }
    }

    [GeneratedRegex(
        "^(?:(?<d>[0-9]{1,6})d)?(?:(?<h>[0-9]{1,8})h)?(?:(?<m>[0-9]{1,9})m(?!s))?(?:(?<s>[0-9]{1,9})s)?(?:(?<ms>[0-9]{1,9})ms)?\\z",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Pattern();
}

internal static class TimestampText
{
    /// <summary>The form for JSON Schema. It does not know how many days a month has.</summary>
    public const string SchemaPattern = @"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,7})?)?(Z|[+-][0-9]{2}:[0-9]{2})$";

    private static readonly string[] Formats =
        ["yyyy-MM-ddTHH:mmzzz", "yyyy-MM-ddTHH:mm:sszzz", "yyyy-MM-ddTHH:mm:ss.FFFFFFFzzz"];

    public static bool TryRead(string text, out DateTimeOffset time)
    {
        // The format zzz insists on an offset but does not know the letter Z.
        var withOffset = text.EndsWith('Z') ? string.Concat(text.AsSpan(0, text.Length - 1), "+00:00") : text;
        return DateTimeOffset.TryParseExact(withOffset, Formats, CultureInfo.InvariantCulture, DateTimeStyles.None, out time);
    }
}
