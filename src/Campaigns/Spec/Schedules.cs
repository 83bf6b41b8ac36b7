using Cronos;
using HostAgent.Documents;

namespace HostAgent.Campaigns.Spec;

/// <summary>When a drill is run again and again, each time as a campaign of its own.</summary>
/// <param name="Cron">Minute, hour, day of month, month and day of week, as crontab has them.</param>
/// <param name="TimeZone">The IANA time zone of these.</param>
/// <param name="Grace">How late a run may begin; a later one is left out.</param>
public sealed record ScheduleSpec(string Cron, string TimeZone, TimeSpan Grace)
{
    /// <summary>The first time after another. In the hour that a change of the clocks leaves out, a run begins when it is over; in the one that comes twice, once.</summary>
    /// <param name="time">That other.</param>
    /// <returns>Null when there is no further one.</returns>
    public DateTimeOffset? Next(DateTimeOffset time) => CronExpression.Parse(Cron).GetNextOccurrence(time, TimeZoneInfo.FindSystemTimeZoneById(TimeZone))?.ToUniversalTime();

    /// <summary>The id of the campaign that is the run of a time.</summary>
    /// <param name="campaign">The id of the campaign that has the schedule.</param>
    /// <param name="due">The time.</param>
    /// <returns>The id, with the local time.</returns>
    public string RunOf(string campaign, DateTimeOffset due)
    {
        ArgumentNullException.ThrowIfNull(campaign);
        var name = campaign.Length > MostOfName ? campaign[..MostOfName].TrimEnd('-') : campaign;
        return string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{name}-{TimeZoneInfo.ConvertTime(due, TimeZoneInfo.FindSystemTimeZoneById(TimeZone)):yyyyMMdd-HHmm}");
    }

    // With the time, at most 63 characters.
    private const int MostOfName = 49;
}

/// <summary>The document's <c>schedule</c>.</summary>
internal static class ScheduleReader
{
    private const string CronRule = "five fields of a crontab, such as 0 22 1 * * for the first of each month at 22:00";

    public static ScheduleSpec Read(MappingReader schedule) => new(
        ReadCron(schedule.Required("cron", CronRule).Described("Minute, hour, day of month, month and day of week of each run, as in a crontab.")),
        WindowReader.ReadZone(schedule.Required("timeZone", WindowReader.ZoneRule).Described("The IANA time zone of these, for example Europe/Madrid.")),
        schedule.Optional("grace").Described("How late a run may begin, when no coordinator was there at its time; a later one is left out.").Duration(TimeSpan.FromMinutes(1), TimeSpan.FromDays(7), TimeSpan.FromHours(1)));

    private static string ReadCron(Field field)
    {
        if (field.Text(1, 100) is not { } text)
        {
            return string.Empty;
        }

        try
        {
            // 29 February is the rarest that comes around.
            if (CronExpression.Parse(text).GetNextOccurrence(new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc)) is not null)
            {
                return text;
            }
        }
        catch (CronFormatException)
        {
            // It is rejected below, in the words of the document.
        }

        field.Reject(CronRule);
        return string.Empty;
    }
}
