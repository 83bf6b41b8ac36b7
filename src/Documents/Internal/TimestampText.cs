using System.Globalization;

namespace HostAgent.Documents.Internal;

internal static class TimestampText
{
    private static readonly string[] Formats =
        ["yyyy-MM-ddTHH:mmzzz", "yyyy-MM-ddTHH:mm:sszzz", "yyyy-MM-ddTHH:mm:ss.FFFFFFFzzz"];

    public static bool TryRead(string text, out DateTimeOffset time)
    {
        // The format zzz insists on an offset but does not know the letter Z.
        var withOffset = text.EndsWith('Z') ? string.Concat(text.AsSpan(0, text.Length - 1), "+00:00") : text;
        return DateTimeOffset.TryParseExact(withOffset, Formats, CultureInfo.InvariantCulture, DateTimeStyles.None, out time);
    }
}
