using System.Text.RegularExpressions;

namespace HostAgent.HyperV.Simulation.Estates;

/// <summary>Validation of a description that does not come from a document.</summary>
internal static class DescriptionRules
{
    /// <exception cref="ArgumentException">Names every error.</exception>
    public static void Require(SimulatedHostDescription host)
    {
        var errors = new List<string>();

        void Check(bool good, string what, object? value, string allowed)
        {
            if (!good)
            {
                errors.Add(FormattableString.Invariant($"{what} is '{value}'; it must be {allowed}."));
            }
        }

        Check(EstateLimits.IsHostName(host.Name), "The host's name", host.Name, EstateLimits.HostName);
        CheckRange(host.LinkMegabitsPerSecond, EstateLimits.LinkMegabits, "The link speed (Mbit/s)");
        CheckRange(host.CompareMegabytesPerSecond, EstateLimits.DiskMegabytes, "The compare speed (MB/s)");
        CheckRange(host.MergeMegabytesPerSecond, EstateLimits.DiskMegabytes, "The merge speed (MB/s)");
        Check(host.MaxConcurrentJobs is null or >= 1, "The number of concurrent jobs", host.MaxConcurrentJobs, "at least 1");
        CheckRange(host.HttpPort, new(1, EstateLimits.Port), "The HTTP port");
        CheckRange(host.HttpsPort, new(1, EstateLimits.Port), "The HTTPS port");
        CheckRange(
            host.MonitoringInterval.TotalHours, new(EstateLimits.ShortestMonitoring.TotalHours, EstateLimits.LongestMonitoring.TotalHours), "The monitoring interval (h)");
        foreach (var entry in host.AuthorizationEntries)
        {
            Check(EstateLimits.IsPrimaryHostSystem(entry.AllowedPrimaryHostSystem), "An allowed primary server", entry.AllowedPrimaryHostSystem, EstateLimits.PrimaryHostSystem);
        }

        foreach (var certificate in host.Certificates)
        {
            Check(
                (certificate.StartsIn ?? TimeSpan.MinValue) < certificate.ExpiresIn, $"The start of certificate {certificate.Name}", certificate.StartsIn,
                "before the certificate expires");
            foreach (var name in certificate.DnsNames)
            {
                Check(EstateLimits.IsDnsName(name), $"A DNS name of certificate {certificate.Name}", name, EstateLimits.DnsName);
            }
        }

        foreach (var volume in host.Volumes)
        {
            Check(EstateLimits.IsVolumeName(volume.Name), "The name of a volume", volume.Name, EstateLimits.VolumeName);
            CheckRange(volume.CapacityGigabytes, EstateLimits.VolumeGigabytes, $"The capacity (GB) of {volume.Name}");
            CheckRange(volume.FreeGigabytes ?? 0, new(0, volume.CapacityGigabytes), $"The free space (GB) of {volume.Name}");
        }

        foreach (var machine in host.VirtualMachines)
        {
            Check(host.Cluster is not null || machine.OwnerNode is null, $"The owner node of {machine.Name}", machine.OwnerNode, "omitted: the host is not a cluster node");
            CheckRange(machine.DiskGigabytes, EstateLimits.DiskGigabytes, $"The disk size (GB) of {machine.Name}");
            CheckRange(machine.Disks, new(1, EstateLimits.Disks), $"The number of disks of {machine.Name}");
            CheckRange(machine.ChangedGigabytes, new(0, machine.DiskGigabytes), $"The changed size (GB) of {machine.Name}");
            CheckRange(machine.RecoveryHistory, new(0, EstateLimits.RecoveryHistory), $"The recovery history of {machine.Name}");
            CheckRange(machine.ApplicationConsistentHours, new(0, EstateLimits.ApplicationConsistentHours), $"The application-consistent interval (h) of {machine.Name}");
        }

        foreach (var repeated in host.Certificates.GroupBy(certificate => certificate.Name, StringComparer.Ordinal).Where(group => group.Count() > 1))
        {
            Check(false, "The name of a certificate", repeated.Key, "unique on the host");
        }

        foreach (var repeated in host.VirtualMachines.GroupBy(machine => machine.Id).Where(group => group.Count() > 1))
        {
            Check(false, "The identifier of a virtual machine", repeated.Key, "unique on the host");
        }

        errors.AddRange(PlatformRules.Errors(host));
        if (errors.Count > 0)
        {
            throw new ArgumentException(string.Join(' ', errors), nameof(host));
        }

        void CheckRange(double value, EstateLimits.Range range, string what)
            => Check(value >= range.Minimum && value <= range.Maximum, what, value, FormattableString.Invariant($"from {range.Minimum} to {range.Maximum}"));
    }
}

/// <summary>The value ranges of an estate, shared by documents and descriptions built in code.</summary>
internal static partial class EstateLimits
{
    public const string HostName = "1 to 15 letters, digits and hyphens, beginning and ending with a letter or digit";

    public const string DnsName = "a DNS name of at most 253 characters, optionally with * as its first label";

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
    public static partial Regex HostNamePattern();

    [GeneratedRegex("^[A-Za-z]:\\\\(?:[^\\\\/:*?\"<>|]+\\\\)*\\z", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    public static partial Regex VolumeNamePattern();

    internal sealed record Range(double Minimum, double Maximum);
}
