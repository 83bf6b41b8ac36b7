using System.Globalization;
using HostAgent.Texts;

namespace HostAgent.Documents;

/// <content>The single values.</content>
public sealed partial class Field
{
    /// <summary>Reads a text. Numbers and booleans are texts too.</summary>
    /// <param name="minimumLength">The fewest characters.</param>
    /// <param name="maximumLength">The most characters.</param>
    /// <returns>The text; null when absent or not fitting.</returns>
    public string? Text(int minimumLength = 1, int maximumLength = 1024)
    {
        var allowed = minimumLength == 0 ? $"a text of at most {maximumLength} characters" : $"a text of {minimumLength} to {maximumLength} characters";
        if (Scalar(allowed) is not { } text)
        {
            return null;
        }

        if (text.Length < minimumLength || text.Length > maximumLength || text.Any(char.IsControl))
        {
            Reject(allowed + " without control characters");
            return null;
        }

        return text;
    }

    /// <summary>
    /// Reads a name that other names are compared with: a text without blanks before or after it, which would make it another name that
    /// looks the same, and in Unicode's normal form C.
    /// </summary>
    /// <param name="minimumLength">The fewest characters.</param>
    /// <param name="maximumLength">The most characters.</param>
    /// <returns>The name; null when absent or not fitting.</returns>
    public string? Name(int minimumLength = 1, int maximumLength = 1024)
    {
        if (Text(minimumLength, maximumLength) is not { } text)
        {
            return null;
        }

        if (!HasBlankEnds(text))
        {
            return NameText.Composed(text);
        }

        Reject("a text without blanks before or after it");
        return null;
    }

    /// <summary>Reads a text that must be one of a few.</summary>
    /// <param name="choices">The texts that are allowed; compared exactly.</param>
    /// <returns>The text; null when absent or not fitting.</returns>
    public string? Choice(params IReadOnlyList<string> choices)
    {
        var allowed = choices.Count == 1 ? choices[0] : "one of " + string.Join(", ", choices);
        if (Scalar(allowed) is not { } text)
        {
            return null;
        }

        if (choices.Contains(text, StringComparer.Ordinal))
        {
            return text;
        }

        Reject(allowed);
        return null;
    }

    /// <summary>Reads a text that names a value of a type.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <param name="choices">Each text with its value; compared exactly.</param>
    /// <returns>The value; null when absent or not fitting.</returns>
    public T? Choice<T>(IReadOnlyDictionary<string, T> choices)
        where T : struct
        => Choice([.. choices.Keys]) is { } text ? choices[text] : null;

    /// <summary>Reads a whole number.</summary>
    /// <param name="minimum">The least.</param>
    /// <param name="maximum">The greatest.</param>
    /// <returns>The number; null when absent or not fitting.</returns>
    public int? Integer(int minimum, int maximum) => (int?)Whole(minimum, maximum);

    /// <summary>Reads a whole number of 64 bits.</summary>
    /// <param name="minimum">The least.</param>
    /// <param name="maximum">The greatest.</param>
    /// <returns>The number; null when absent or not fitting.</returns>
    public long? Whole(long minimum, long maximum)
    {
        var allowed = $"a whole number from {minimum} to {maximum}";
        return Parsed(allowed, text => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            && number >= minimum && number <= maximum ? number : (long?)null);
    }

    /// <summary>Reads a number.</summary>
    /// <param name="minimum">The least.</param>
    /// <param name="maximum">The greatest.</param>
    /// <returns>The number; null when absent or not fitting.</returns>
    public double? Number(double minimum, double maximum)
    {
        var allowed = string.Create(CultureInfo.InvariantCulture, $"a number from {minimum} to {maximum}");
        return Parsed(allowed, text => double.TryParse(
            text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            && number >= minimum && number <= maximum ? number : (double?)null);
    }

    /// <summary>Reads <c>true</c> or <c>false</c>.</summary>
    /// <returns>The value; null when absent or not fitting.</returns>
    public bool? Boolean() => Choice(["true", "false"]) is { } text ? text == "true" : null;

    /// <summary>Reads a duration such as <c>30s</c>, <c>10m</c>, <c>24h</c> or <c>1h30m</c> (units d, h, m, s, ms, largest first).</summary>
    /// <param name="minimum">The shortest.</param>
    /// <param name="maximum">The longest.</param>
    /// <returns>The duration; null when absent or not fitting.</returns>
    public TimeSpan? Duration(TimeSpan minimum, TimeSpan maximum)
    {
        var allowed = $"a duration from {DurationText.Write(minimum)} to {DurationText.Write(maximum)}, such as 30s, 10m or 1h30m";
        return Parsed(allowed, text => DurationText.TryRead(text, out var duration) && duration >= minimum && duration <= maximum ? duration : (TimeSpan?)null);
    }

    /// <summary>Reads a point in time, ISO 8601 with its offset: <c>2026-11-21T22:00:00Z</c>.</summary>
    /// <returns>The point in time; null when absent or not fitting.</returns>
    public DateTimeOffset? Timestamp()
        => Parsed("a point in time with its offset, such as 2026-11-21T22:00:00Z", text => TimestampText.TryRead(text, out var time) ? time : (DateTimeOffset?)null);

    /// <summary>Reads a count or a percentage: <c>20</c> or <c>5%</c>.</summary>
    /// <param name="minimum">The least count, and 0 or 1 as the least percentage.</param>
    /// <param name="maximum">The greatest count.</param>
    /// <returns>The amount; null when absent or not fitting.</returns>
    public Amount? Amount(int minimum, int maximum)
    {
        var leastPercent = minimum == 0 ? 0 : 1;
        var allowed = $"a whole number from {minimum} to {maximum}, or a percentage from {leastPercent}% to 100%";
        return Parsed(allowed, text => Documents.Amount.TryRead(text, out var amount)
            && (amount.IsPercentage
                ? amount.Number >= leastPercent && amount.Number <= 100
                : amount.Number >= minimum && amount.Number <= maximum) ? amount : (Amount?)null);
    }

    /// <summary>Reads a UUID in the 8-4-4-4-12 form; case does not matter, braces are not allowed.</summary>
    /// <returns>The UUID; null when absent or not fitting.</returns>
    public Guid? Uuid()
        => Parsed("a UUID such as 8f14e45f-ceea-467f-a0e6-0b1c6a3f9a10", text => Guid.TryParseExact(text, "D", out var uuid) ? uuid : (Guid?)null);

    /// <summary>Reads an absolute URI.</summary>
    /// <param name="schemes">The schemes that are allowed, for example <c>https</c>.</param>
    /// <returns>The URI; null when absent or not fitting.</returns>
    public Uri? AbsoluteUri(params IReadOnlyList<string> schemes)
    {
        var allowed = "an absolute URI with the scheme " + string.Join(" or ", schemes);
        if (Scalar(allowed) is not { } text)
        {
            return null;
        }

        if (Uri.TryCreate(text, UriKind.Absolute, out var uri) && schemes.Contains(uri.Scheme, StringComparer.Ordinal))
        {
            return uri;
        }

        Reject(allowed);
        return null;
    }

    /// <summary>Reads a pattern with <c>*</c> (any characters) and <c>?</c> (one character), compared without case.</summary>
    /// <returns>The pattern; null when absent or not fitting.</returns>
    public Glob? Glob() => Text(1, 256) is { } text ? new Glob(text) : null;

    /// <summary>Reads a list of patterns.</summary>
    /// <param name="maximum">The greatest number of elements.</param>
    /// <returns>The patterns; empty when absent.</returns>
    public IReadOnlyList<Glob> GlobList(int maximum = DocumentLimits.List) => List(field => field.Glob(), maximum: maximum);

    /// <summary>Reads a list of UUIDs.</summary>
    /// <param name="maximum">The greatest number of elements.</param>
    /// <returns>The UUIDs; empty when absent.</returns>
    public IReadOnlyList<Guid> UuidList(int maximum = DocumentLimits.List)
    {
        var uuids = new List<Guid>();
        foreach (var element in Elements(minimum: 0, maximum))
        {
            if (element.Uuid() is { } uuid)
            {
                uuids.Add(uuid);
            }
        }

        return uuids;
    }

    private string? Scalar(string allowed)
    {
        switch (_node)
        {
            case null:
                return null;
            case ScalarNode scalar:
                return scalar.Value;
            default:
                Reject(allowed);
                return null;
        }
    }

    private T? Parsed<T>(string allowed, Func<string, T?> parse)
        where T : struct
    {
        if (Scalar(allowed) is not { } text)
        {
            return null;
        }

        var value = parse(text);
        if (value is null)
        {
            Reject(allowed);
        }

        return value;
    }
}
