namespace HostAgent.Campaigns.Internal.Reading;

/// <summary>
/// The names of time zones that mean the same on every machine: those of the IANA database. .NET also takes Windows' names, names of
/// files of this machine's zone directory, and any case that it has met before.
/// </summary>
internal static class ZoneNames
{
    private static readonly string[] OfThisMachine = ["localtime", "posixrules", "Factory"];
    private static readonly string[] Directories = ["posix/", "right/"];

    /// <summary>The name as the database has it; null when it has none like it in any case.</summary>
    public static string? Find(string name)
        => IsName(name) && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) && zone.HasIanaId && zone.Id.Equals(name, StringComparison.OrdinalIgnoreCase) ? zone.Id
        : IsName(name) ? TimeZoneInfo.GetSystemTimeZones().FirstOrDefault(zone => zone.HasIanaId && zone.Id.Equals(name, StringComparison.OrdinalIgnoreCase))?.Id
        : null;

    private static bool IsName(string name)
        => name.Split('/').All(part => part.Length > 0 && part.All(character => char.IsAsciiLetterOrDigit(character) || character is '_' or '+' or '-'))
            && !OfThisMachine.Contains(name, StringComparer.OrdinalIgnoreCase)
            && !Directories.Any(directory => name.StartsWith(directory, StringComparison.OrdinalIgnoreCase));
}
