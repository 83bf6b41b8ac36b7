using System.Text.RegularExpressions;

namespace HostAgent.HyperV.Simulation.Internal;

/// <summary>The ranges of an estate's values: one place for documents and for descriptions built in code.</summary>
internal static partial class EstateLimits
{
    public const string HostName = "1 to 15 letters, digits and hyphens, beginning and ending with a letter or digit";

    public const string DnsName = "a DNS name of at most 253 characters, a * allowed as its first label";

    public const string VolumeName = "a drive or folder with a backslash at its end, for example C:\\ or C:\\ClusterStorage\\Volume1\\";

    public const int RecoveryHistory = 24;

    public const int ApplicationConsistentHours = 12;

    public const int Disks = 64;

    public const int Port = 65_535;

    public const string PrimaryHostSystem = "a DNS name, '*.' and a domain, or '*', of at most 256 characters";

    public static TimeSpan ShortestMonitoring { get; } = TimeSpan.FromHours(1);

    public static TimeSpan LongestMonitoring { get; } = TimeSpan.FromDays(7);

    public static Range LinkMegabits { get; } = new(0.001, 1_000_000);

    public static Range DiskMegabytes { get; } = new(0.001, 1_000_000);

    public static Range DiskGigabytes { get; } = new(0.001, 65_536);

    public static Range VolumeGigabytes { get; } = new(0.001, 1_000_000_000);

    public static bool IsDnsName(string name)
        => Uri.CheckHostName(name.StartsWith("*.", StringComparison.Ordinal) ? name[2..] : name) is UriHostNameType.Dns && name.All(char.IsAscii);

    public static bool IsVolumeName(string name) => VolumeNamePattern().IsMatch(name);

    public static bool IsHostName(string? name) => name is not null && HostNamePattern().IsMatch(name);

    public static bool IsPrimaryHostSystem(string? name) => name == "*"
        || (name is { Length: <= 256 } && Uri.CheckHostName(name.StartsWith("*.", StringComparison.Ordinal) ? name[2..] : name) == UriHostNameType.Dns);

    [GeneratedRegex("^[A-Za-z0-9](?:[A-Za-z0-9-]{0,13}[A-Za-z0-9])?\\z", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex HostNamePattern();

    [GeneratedRegex("^[A-Za-z]:\\\\(?:[^\\\\/:*?\"<>|]+\\\\)*\\z", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex VolumeNamePattern();

    /// <summary>A range, both ends included.</summary>
    internal sealed record Range(double Minimum, double Maximum);
}
