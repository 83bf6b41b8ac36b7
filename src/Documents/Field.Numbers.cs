using System.Globalization;

namespace HostAgent.Documents;

/// <content>Numbers, booleans, durations, times and amounts.</content>
public sealed partial class Field
{
    /// <summary>Reads a whole number.</summary>
    /// <param name="minimum">The least.</param>
    /// <param name="maximum">The greatest.</param>
    /// <returns>The number; null when absent or not fitting.</returns>
    public int? Integer(int minimum, int maximum) => (int?)Whole(minimum, maximum);

    /// <summary>Reads a whole number, with a value for an absent one.</summary>
    /// <param name="minimum">The least.</param>
    /// <param name="maximum">The greatest.</param>
    /// <param name="fallback">The value when absent or not fitting.</param>
    /// <returns>The number.</returns>
    public int Integer(int minimum, int maximum, int fallback) => Integer(minimum, maximum) ?? WithDefault(fallback);

    /// <summary>Reads a whole number, or a word that stands for another one.</summary>
    /// <param name="minimum">The least.</param>
    /// <param name="maximum">The greatest.</param>
    /// <param name="word">The word; compared exactly.</param>
    /// <param name="meaning">The number that the word stands for.</param>
    /// <returns>The number; null when absent or not fitting.</returns>
    public int? IntegerOr(int minimum, int maximum, string word, int meaning)
    {
        _schema?.Alternative().SetRange("integer", minimum, maximum);
        _schema?.Alternative().Set("const", word);
        return Parsed($"a whole number from {minimum} to {maximum}, or {word}", text => text == word ? meaning
            : int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= minimum && number <= maximum ? number : (int?)null);
    }

    /// <summary>Reads a whole number of 64 bits.</summary>
    /// <param name="minimum">The least.</param>
    /// <param name="maximum">The greatest.</param>
    /// <returns>The number; null when absent or not fitting.</returns>
    public long? Whole(long minimum, long maximum)
    {
        _schema?.SetRange("integer", minimum, maximum);
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
        _schema?.SetRange("number", minimum, maximum);
        return Parsed(
            string.Create(CultureInfo.InvariantCulture, $"a number from {minimum} to {maximum}"),
            text => ReadNumber(text) is { } number && number >= minimum && number <= maximum ? number : (double?)null);
    }

    /// <summary>Reads a number, with a value for an absent one.</summary>
    /// <param name="minimum">The least.</param>
    /// <param name="maximum">The greatest.</param>
    /// <param name="fallback">The value when absent or not fitting.</param>
    /// <returns>The number.</returns>
    public double Number(double minimum, double maximum, double fallback) => Number(minimum, maximum) ?? WithDefault(fallback);

    /// <summary>Reads a number above another, with a value for an absent one.</summary>
    /// <param name="bound">What it must be greater than.</param>
    /// <param name="maximum">The greatest.</param>
    /// <param name="fallback">The value when absent or not fitting.</param>
    /// <returns>The number.</returns>
    public double NumberAbove(double bound, double maximum, double fallback)
    {
        _schema?.SetRange("number", bound, maximum, aboveMinimum: true);
        return Parsed(
            string.Create(CultureInfo.InvariantCulture, $"a number above {bound} and at most {maximum}"),
            text => ReadNumber(text) is { } number && number > bound && number <= maximum ? number : (double?)null) ?? WithDefault(fallback);
    }

    /// <summary>Reads <c>true</c> or <c>false</c>.</summary>
    /// <returns>The value; null when absent or not fitting.</returns>
    public bool? Boolean()
    {
        _schema?.Set("type", "boolean");
        return ChoiceOf(["true", "false"], "one of true, false") is { } text ? text == "true" : null;
    }

    /// <summary>Reads <c>true</c> or <c>false</c>, with a value for an absent one.</summary>
    /// <param name="fallback">The value when absent or not fitting.</param>
    /// <returns>The value.</returns>
    public bool Boolean(bool fallback) => Boolean() ?? WithDefault(fallback);

    /// <summary>Reads a duration such as <c>30s</c>, <c>10m</c>, <c>24h</c> or <c>1h30m</c> (units d, h, m, s, ms, largest first).</summary>
    /// <param name="minimum">The shortest.</param>
    /// <param name="maximum">The longest.</param>
    /// <returns>The duration; null when absent or not fitting.</returns>
    public TimeSpan? Duration(TimeSpan minimum, TimeSpan maximum)
    {
        if (_schema?.Refer("duration") is { } form)
        {
            form.Describe("Such as 30s, 10m or 1h30m: units d, h, m, s, ms, largest first.");
            form.SetFormat(DurationText.SchemaPattern);
            form.Set("minLength", 2);
        }

        _schema?.DescribeBound($"{DurationText.Write(minimum)} to {DurationText.Write(maximum)}");
        var allowed = $"a duration from {DurationText.Write(minimum)} to {DurationText.Write(maximum)}, such as 30s, 10m or 1h30m";
        return Parsed(allowed, text => DurationText.TryRead(text, out var duration) && duration >= minimum && duration <= maximum ? duration : (TimeSpan?)null);
    }

    /// <summary>Reads a duration, with a value for an absent one.</summary>
    /// <param name="minimum">The shortest.</param>
    /// <param name="maximum">The longest.</param>
    /// <param name="fallback">The value when absent or not fitting.</param>
    /// <returns>The duration.</returns>
    public TimeSpan Duration(TimeSpan minimum, TimeSpan maximum, TimeSpan fallback) => Duration(minimum, maximum) ?? WithDefault(fallback);

    /// <summary>Reads a point in time, ISO 8601 with its offset: <c>2026-11-21T22:00:00Z</c>.</summary>
    /// <returns>The point in time; null when absent or not fitting.</returns>
    public DateTimeOffset? Timestamp()
    {
        _schema?.SetFormat(TimestampText.SchemaPattern);
        return Parsed("a point in time with its offset, such as 2026-11-21T22:00:00Z", text => TimestampText.TryRead(text, out var time) ? time : (DateTimeOffset?)null);
    }

    /// <summary>Reads a count or a percentage: <c>20</c> or <c>5%</c>.</summary>
    /// <param name="minimum">The least count, and 0 or 1 as the least percentage.</param>
    /// <param name="maximum">The greatest count.</param>
    /// <returns>The amount; null when absent or not fitting.</returns>
    public Amount? Amount(int minimum, int maximum)
    {
        var leastPercent = minimum == 0 ? 0 : 1;
        _schema?.Alternative().SetRange("integer", minimum, maximum);
        _schema?.Alternative().SetFormat(leastPercent == 0 ? "^([0-9]|[1-9][0-9]|100)%$" : "^([1-9][0-9]?|100)%$");
        var allowed = $"a whole number from {minimum} to {maximum}, or a percentage from {leastPercent}% to 100%";
        return Parsed(allowed, text => Documents.Amount.TryRead(text, out var amount)
            && (amount.IsPercentage
                ? amount.Number >= leastPercent && amount.Number <= 100
                : amount.Number >= minimum && amount.Number <= maximum) ? amount : (Amount?)null);
    }

    /// <summary>Reads a count or a percentage, with a value for an absent one.</summary>
    /// <param name="minimum">The least count, and 0 or 1 as the least percentage.</param>
    /// <param name="maximum">The greatest count.</param>
    /// <param name="fallback">The value when absent or not fitting.</param>
    /// <returns>The amount.</returns>
    public Amount Amount(int minimum, int maximum, Amount fallback) => Amount(minimum, maximum) ?? WithDefault(fallback);

    private static double? ReadNumber(string text)
        => double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) ? number : null;
}
