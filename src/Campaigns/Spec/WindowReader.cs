using System.Globalization;
using HostAgent.Documents;

namespace HostAgent.Campaigns.Spec;

/// <summary>The document's <c>window</c>.</summary>
internal static class WindowReader
{
    private const string TimeRule = "a local time, such as 22:00 or Sat 22:00";

    // JSON Schema cannot compare without case.
    private const string TimePattern = "^(([Mm][Oo][Nn]([Dd][Aa][Yy])?|[Tt][Uu][Ee]([Ss][Dd][Aa][Yy])?|[Ww][Ee][Dd]([Nn][Ee][Ss][Dd][Aa][Yy])?|[Tt][Hh][Uu]([Rr][Ss][Dd][Aa][Yy])?"
        + "|[Ff][Rr][Ii]([Dd][Aa][Yy])?|[Ss][Aa][Tt]([Uu][Rr][Dd][Aa][Yy])?|[Ss][Uu][Nn]([Dd][Aa][Yy])?) +)?([01][0-9]|2[0-3]):[0-5][0-9]$";

    internal const string ZoneRule = "an IANA time zone, such as Europe/Madrid";

    public static PhaseWindowsSpec ReadPhases(MappingReader windows) => new(
        windows.Optional("sync").Described("When machines may begin to be brought in step: weekly or daily. Always by default.").Mapping(window => Read(window, closes: false)),
        windows.Optional("switch").Described("When services may go down: weekly or daily. Always by default.").Mapping(window => Read(window, closes: false)));

    public static WindowSpec Read(MappingReader window) => Read(window, closes: true);

    /// <summary>Reads a window; one of a phase has nothing to do when it closes, because nothing else depends on it.</summary>
    private static WindowSpec Read(MappingReader window, bool closes)
    {
        var opens = ReadTime(window.Required("opens", TimeRule));
        var closesField = window.Required("closes", TimeRule);
        var closingTime = ReadTime(closesField);
        if (opens is not null && closingTime is not null)
        {
            if (opens == closingTime)
            {
                closesField.Reject("another time than opens");
            }
            else if (opens.Day is null != closingTime.Day is null)
            {
                closesField.Reject(opens.Day is null ? "a time without a day, as opens has none" : "a time with a day, as opens has one");
            }
        }

        return new WindowSpec(
            opens ?? new WindowTime(null, default),
            closingTime ?? new WindowTime(null, default),
            ReadZone(window.Required("timeZone", ZoneRule).Described("The IANA time zone of both, for example Europe/Madrid.")),
            !closes ? WindowCloseAction.Drain : window.Optional("onClose").Described("drain: the campaign continues when the window opens again; pause: a person resumes it.").Choice(
                new Dictionary<string, WindowCloseAction>(StringComparer.Ordinal)
                {
                    ["drain"] = WindowCloseAction.Drain,
                    ["pause"] = WindowCloseAction.Pause,
                },
                WindowCloseAction.Drain));
    }

    internal static string ReadZone(Field field)
    {
        if (field.Text(1, 128) is not { } zone)
        {
            return string.Empty;
        }

        if (ZoneNames.Find(zone) is { } found)
        {
            return found;
        }

        var meant = TimeZoneInfo.TryConvertWindowsIdToIanaId(zone, out var iana) ? $" It is a Windows time zone; the nearest is {iana}." : string.Empty;
        field.Reject(ZoneRule, $"{field.Path} is '{zone}'; it must be {ZoneRule}.{meant}");
        return string.Empty;
    }

    private static WindowTime? ReadTime(Field field)
        => field.Formatted(TimeRule, "windowTime", TimePattern, "A local time such as 22:00, or with a day such as Sat 22:00; both times of a window have a day, or neither.", ParseTime);

    private static WindowTime? ParseTime(string text)
    {
        var parts = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        DayOfWeek? day = null;
        if (parts.Length == 2)
        {
            day = Enum.GetValues<DayOfWeek>().Cast<DayOfWeek?>().FirstOrDefault(candidate =>
                parts[0].Length is 3 or > 5 && candidate.ToString()!.StartsWith(parts[0], StringComparison.OrdinalIgnoreCase)
                && (parts[0].Length == 3 || parts[0].Length == candidate.ToString()!.Length));
        }

        if (parts.Length is 1 or 2 && (parts.Length == 1 || day is not null)
            && TimeOnly.TryParseExact(parts[^1], "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time))
        {
            return new WindowTime(day, time);
        }

        return null;
    }
}

/// <summary>
/// Time zone names that mean the same on every machine: those of the IANA database. .NET also accepts Windows names, file names in
/// this machine's zone directory, and any case that it has seen before.
/// </summary>
internal static class ZoneNames
{
    private static readonly string[] OfThisMachine = ["localtime", "posixrules", "Factory"];
    private static readonly string[] Directories = ["posix/", "right/"];

    /// <summary>The name as spelt in the database; null when there is none that differs only in case.</summary>
    public static string? Find(string name)
        => IsName(name) && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) && zone.HasIanaId && zone.Id.Equals(name, StringComparison.OrdinalIgnoreCase) ? zone.Id
        : IsName(name) ? TimeZoneInfo.GetSystemTimeZones().FirstOrDefault(zone => zone.HasIanaId && zone.Id.Equals(name, StringComparison.OrdinalIgnoreCase))?.Id
        : null;

    private static bool IsName(string name)
        => name.Split('/').All(part => part.Length > 0 && part.All(character => char.IsAsciiLetterOrDigit(character) || character is '_' or '+' or '-'))
            && !OfThisMachine.Contains(name, StringComparer.OrdinalIgnoreCase)
            && !Directories.Any(directory => name.StartsWith(directory, StringComparison.OrdinalIgnoreCase));
}
