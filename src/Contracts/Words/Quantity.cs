using System.Globalization;
using Google.Protobuf.WellKnownTypes;

namespace HostAgent.Contracts.Words;

/// <summary>Spans and points in time as people read them.</summary>
public static class Quantity
{
    /// <summary>m:ss below an hour, h:mm:ss below a day, then days: 0:07, 12:30, 3:04:05, 2d 03:04:05.</summary>
    public static string Clock(TimeSpan span)
    {
        if (span < TimeSpan.Zero)
        {
            span = TimeSpan.Zero;
        }

        return span switch
        {
            { TotalHours: < 1 } => span.ToString(@"m\:ss", CultureInfo.InvariantCulture),
            { TotalDays: < 1 } => span.ToString(@"h\:mm\:ss", CultureInfo.InvariantCulture),
            _ => span.ToString(@"d\d\ hh\:mm\:ss", CultureInfo.InvariantCulture),
        };
    }

    /// <summary>The time from start to end, or to now while there is no end; empty before the start.</summary>
    public static string Between(Timestamp? start, Timestamp? end, DateTimeOffset now)
        => start is null ? "" : Clock((end?.ToDateTimeOffset() ?? now) - start.ToDateTimeOffset());

    /// <summary>A point in time in UTC to the second, sortable; empty when unset.</summary>
    public static string Instant(Timestamp? time) => time is null ? "" : Instant(time.ToDateTimeOffset());

    /// <inheritdoc cref="Instant(Timestamp?)"/>
    public static string Instant(DateTimeOffset time) => time.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
