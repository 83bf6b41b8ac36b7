using System.Globalization;

namespace HostAgent.Transport;

/// <summary>How many files and sockets this process may have open at once (RLIMIT_NOFILE).</summary>
internal static class DescriptorLimit
{
    private const string Line = "Max open files";

    /// <summary>The limit; null when the system has none or does not report it.</summary>
    public static int? Read()
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        try
        {
            return Parse(File.ReadAllLines("/proc/self/limits"));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Without /proc the limit is not known, and the bound that was configured holds alone.
            return null;
        }
    }

    /// <summary>Reads the soft limit, which the runtime has raised to the hard one at its start.</summary>
    internal static int? Parse(IEnumerable<string> lines)
    {
        var line = lines.FirstOrDefault(line => line.StartsWith(Line, StringComparison.Ordinal));
        var soft = line?[Line.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault();
        return long.TryParse(soft, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? (int)Math.Min(number, int.MaxValue) : null;
    }
}
