using System.Globalization;

namespace HostAgent.HyperV.Cim;

/// <summary>
/// The 25-character text of CIM datetimes: a point in time <c>yyyymmddHHMMSS.mmmmmm±UUU</c> (UUU minutes from UTC) or an interval
/// <c>ddddddddHHMMSS.mmmmmm:000</c>. The resolution is one microsecond.
/// </summary>
public static class CimDateTime
{
    private const int Length = 25;
    private const int SignPosition = 21;
    private const long TicksPerMicrosecond = TimeSpan.TicksPerMillisecond / 1000;

    /// <summary>Writes a point in time, keeping its offset. Anything finer than a microsecond is truncated.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The offset is not a whole number of minutes (for real time zones it always is).</exception>
    public static string Format(DateTimeOffset time)
    {
        var minutes = (int)time.Offset.TotalMinutes;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{time:yyyyMMddHHmmss}.{time.Ticks % TimeSpan.TicksPerSecond / TicksPerMicrosecond:000000}{(minutes < 0 ? '-' : '+')}{Math.Abs(minutes):000}");
    }

    /// <summary>Writes an interval. Anything finer than a microsecond is truncated.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The interval is negative.</exception>
    public static string Format(TimeSpan interval)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(interval, TimeSpan.Zero);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{interval.Days:00000000}{interval:hhmmss}.{interval.Ticks % TimeSpan.TicksPerSecond / TicksPerMicrosecond:000000}:000");
    }

    /// <summary>Reads either form.</summary>
    /// <returns>A <see cref="DateTimeOffset"/> or a <see cref="TimeSpan"/>.</returns>
    /// <exception cref="FormatException">The text is neither; the message says what is wrong.</exception>
    public static object Parse(string text)
        => TryParse(text, out var value, out var problem) ? value : throw new FormatException($"'{text}' is not a CIM datetime: {problem}.");

    /// <summary>Reads either form.</summary>
    /// <param name="text">The text.</param>
    /// <param name="value">A <see cref="DateTimeOffset"/> or a <see cref="TimeSpan"/>.</param>
    public static bool TryParse(string? text, out object value) => TryParse(text, out value, out _);

    private static bool TryParse(string? text, out object value, out string problem)
    {
        value = TimeSpan.Zero;
        if (text is null || text.Length != Length || text[14] != '.')
        {
            problem = "it must have 25 characters with a point after the seconds";
            return false;
        }

        return text[SignPosition] == ':'
            ? TryParseInterval(text, out value, out problem)
            : TryParseTime(text, out value, out problem);
    }

    private static bool TryParseInterval(string text, out object value, out string problem)
    {
        value = TimeSpan.Zero;
        problem = "an interval has the form ddddddddHHMMSS.mmmmmm:000 with hours below 24, minutes and seconds below 60";
        if (!TryNumber(text, 0, 8, out var days) || !TryNumber(text, 8, 2, out var hours) || !TryNumber(text, 10, 2, out var minutes)
            || !TryNumber(text, 12, 2, out var seconds) || !TryMicroseconds(text, out var microseconds)
            || !text.EndsWith(":000", StringComparison.Ordinal) || hours > 23 || minutes > 59 || seconds > 59)
        {
            return false;
        }

        if (days >= TimeSpan.MaxValue.Days)
        {
            problem = $"more than {TimeSpan.MaxValue.Days - 1} days cannot be represented";
            return false;
        }

        value = new TimeSpan(days, hours, minutes, seconds) + TimeSpan.FromMicroseconds(microseconds);
        return true;
    }

    private static bool TryParseTime(string text, out object value, out string problem)
    {
        value = TimeSpan.Zero;
        problem = "a point in time has the form yyyymmddHHMMSS.mmmmmm±UUU";
        var sign = text[SignPosition];
        var offsetMinutes = 0;
        if ((sign is not ('+' or '-')) || !(IsWild(text, SignPosition + 1, 3) || TryNumber(text, SignPosition + 1, 3, out offsetMinutes))
            || !TryMicroseconds(text, out var microseconds)
            || !DateTime.TryParseExact(
                text.AsSpan(0, 14), "yyyyMMddHHmmss", CultureInfo.InvariantCulture, DateTimeStyles.None, out var local))
        {
            return false;
        }

        var offset = TimeSpan.FromMinutes(sign == '-' ? -offsetMinutes : offsetMinutes);
        var ticks = local.Ticks + (microseconds * TicksPerMicrosecond);
        if (offset.Duration() > TimeSpan.FromHours(14) || ticks - offset.Ticks < 0 || ticks - offset.Ticks > DateTime.MaxValue.Ticks)
        {
            problem = "the offset must be at most 840 minutes and the time lie in the years 1 to 9999";
            return false;
        }

        value = new DateTimeOffset(ticks, offset);
        return true;
    }

    // A field of asterisks means "not given"; this is allowed only for the fraction of a second and the offset.
    private static bool TryMicroseconds(string text, out int microseconds)
    {
        microseconds = 0;
        return IsWild(text, 15, 6) || TryNumber(text, 15, 6, out microseconds);
    }

    private static bool IsWild(string text, int start, int length) => text.AsSpan(start, length).IndexOfAnyExcept('*') < 0;

    private static bool TryNumber(string text, int start, int length, out int number)
        => int.TryParse(text.AsSpan(start, length), NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
