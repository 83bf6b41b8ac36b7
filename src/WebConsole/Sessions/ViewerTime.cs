using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using Microsoft.JSInterop;

namespace HostAgent.WebConsole.Sessions;

/// <summary>Points in time as the person at the browser reads them: in UTC, which everybody shares, and on the clock of that person's wall.</summary>
public sealed class ViewerTime(IJSRuntime script, TimeProvider time)
{
    private TimeZoneInfo _zone = TimeZoneInfo.Utc;

    /// <summary>Now.</summary>
    public DateTimeOffset Now => time.GetUtcNow();

    /// <summary>Asks the browser where it is.</summary>
    public async Task LearnAsync()
    {
        var told = await script.InvokeAsync<string[]>("failback.timeZone").ConfigureAwait(false);
        if (told is [var name, ..] && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone))
        {
            _zone = zone;
        }
        else if (told is [_, var minutes, ..] && int.TryParse(minutes, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var offset) && Math.Abs(offset) <= 14 * 60)
        {
            _zone = TimeZoneInfo.CreateCustomTimeZone("browser", TimeSpan.FromMinutes(offset), "browser", "browser");
        }
    }

    /// <summary>The time on the wall, with its date when it is another day: 02:10:33.</summary>
    public string Local(DateTimeOffset moment)
    {
        var local = TimeZoneInfo.ConvertTime(moment, _zone);
        var isToday = local.Date == TimeZoneInfo.ConvertTime(Now, _zone).Date;
        return local.ToString(isToday ? "HH:mm:ss" : "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
    }

    /// <inheritdoc cref="Local(DateTimeOffset)"/>
    public string Local(Timestamp? moment) => moment is null ? "" : Local(moment.ToDateTimeOffset());

    /// <summary>A time on the wall, hours and minutes, as the last moment before now at which it was that: "02:10" is at most a day ago.</summary>
    /// <returns>The moment; null when the text is no time.</returns>
    public DateTimeOffset? LastTimeOf(string text)
    {
        if (DateTimeOffset.TryParseExact(text, "yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment))
        {
            return moment;
        }

        if (!TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var wall))
        {
            return null;
        }

        var now = TimeZoneInfo.ConvertTime(Now, _zone);
        var day = now.Date + wall.ToTimeSpan();
        day = day > now.DateTime ? day.AddDays(-1) : day;
        // An hour that a change of clocks has left out is taken as the one after it.
        day = _zone.IsInvalidTime(day) ? day.AddHours(1) : day;
        return new DateTimeOffset(day, _zone.GetUtcOffset(day));
    }
}
