using System.Globalization;

namespace HostAgent.Benchmarks.Coordinator;

/// <summary>How large an inventory the limit on open files allows.</summary>
internal static class OpenFiles
{
    private const string LimitsFile = "/proc/self/limits";
    private const string Line = "Max open files";

    // The coordinator reserves two for each host and some for itself; a few callers need some too.
    private const int PerHost = 2;
    private const int Others = 512;

    /// <summary>The most hosts; null when there is no limit, or none is known.</summary>
    public static int? LimitHosts()
    {
        if (!File.Exists(LimitsFile))
        {
            return null;
        }

        // The runtime has raised the first number, which holds, to the second.
        var limit = File.ReadLines(LimitsFile).FirstOrDefault(line => line.StartsWith(Line, StringComparison.Ordinal))?[Line.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault();
        return long.TryParse(limit, CultureInfo.InvariantCulture, out var files) ? (int)Math.Min(int.MaxValue, Math.Max(1, (files - Others) / PerHost)) : null;
    }
}
