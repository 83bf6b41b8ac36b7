namespace HostAgent.Transport.Tls;

/// <summary>When some files were last written and how long they are, which tells cheaply whether to read them again.</summary>
internal sealed record FileStamps(string Text)
{
    /// <summary>Looks at the files. A missing or unreadable file has a stamp too.</summary>
    public static FileStamps Of(params IEnumerable<string?> paths) => new(string.Join('|', paths.Select(Stamp)));

    private static string Stamp(string? path)
    {
        if (string.IsNullOrWhiteSpace(path))
        {
            return "";
        }

        try
        {
            // Renewal by exchanging a link changes nothing at the link itself, so the file behind it counts.
            var file = new FileInfo(File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path);
            return file.Exists ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{file.FullName}:{file.LastWriteTimeUtc.Ticks}:{file.Length}") : "missing";
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return problem.Message;
        }
    }
}
