using System.Globalization;
using System.Net;
using Microsoft.Extensions.Options;

namespace HostAgent.Coordinator.Options;

/// <summary>Finds every wrong setting at once; each in one line that names the key, the value and what is allowed.</summary>
internal sealed class CoordinatorOptionsValidator : IValidateOptions<CoordinatorOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, CoordinatorOptions options)
    {
        var failures = new List<string>();
        if (!IPEndPoint.TryParse(options.Listen, out _) || !options.Listen.Contains(':', StringComparison.Ordinal))
        {
            failures.Add(Line(nameof(options.Listen), options.Listen, "an IP address and a port, such as 127.0.0.1:7444 or [::]:7444"));
        }

        Required(failures, nameof(options.Data), options.Data, "a directory");
        File(failures, nameof(options.Inventory), options.Inventory, "the inventory of hosts");
        File(failures, nameof(options.Certificate), options.Certificate, "a PEM certificate");
        File(failures, nameof(options.PrivateKey), options.PrivateKey, "a PEM private key");
        File(failures, nameof(options.Authority), options.Authority, "the authority's PEM certificate");
        Range(failures, nameof(options.ProbeInterval), options.ProbeInterval, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));
        Range(failures, nameof(options.CallTimeout), options.CallTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5));
        Range(failures, nameof(options.ReconnectDelay), options.ReconnectDelay, TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(1));
        Range(failures, nameof(options.MaxReconnectDelay), options.MaxReconnectDelay, options.ReconnectDelay, TimeSpan.FromMinutes(10));
        Range(failures, nameof(options.WatchInterval), options.WatchInterval, TimeSpan.Zero, TimeSpan.FromMinutes(1));
        Range(failures, nameof(options.MaxConnectionAge), options.MaxConnectionAge, TimeSpan.FromMinutes(1), TimeSpan.FromDays(7));
        Range(failures, nameof(options.CampaignRetention), options.CampaignRetention ?? TimeSpan.FromHours(1), TimeSpan.FromHours(1), TimeSpan.FromDays(36_500));
        Count(failures, nameof(options.MaxConnections), options.MaxConnections ?? 1);
        Count(failures, nameof(options.MaxConnectionsPerPeer), options.MaxConnectionsPerPeer);
        Count(failures, nameof(options.MaxCallsPerPeer), options.MaxCallsPerPeer);
        if (options.ConcurrentHostCalls is < 1 or > 1024)
        {
            failures.Add(Line(nameof(options.ConcurrentHostCalls), options.ConcurrentHostCalls.ToString(CultureInfo.InvariantCulture), "a whole number from 1 to 1024"));
        }

        if (options.SnapshotEvents is < 1 or > 1_000_000)
        {
            failures.Add(Line(nameof(options.SnapshotEvents), options.SnapshotEvents.ToString(CultureInfo.InvariantCulture), "a whole number from 1 to 1000000"));
        }

        if (options.MinFreeSpace is < 0 or > 1L << 40)
        {
            failures.Add(Line(nameof(options.MinFreeSpace), options.MinFreeSpace.ToString(CultureInfo.InvariantCulture), "a whole number of bytes from 0 to 1099511627776"));
        }

        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static string Line(string key, string value, string allowed) =>
        value.Length == 0
            ? $"{CoordinatorOptions.Section}:{key} is not set; it must be {allowed}."
            : $"{CoordinatorOptions.Section}:{key} is '{value}'; it must be {allowed}.";

    private static void Required(List<string> failures, string key, string value, string allowed)
    {
        if (string.IsNullOrWhiteSpace(value))
        {
            failures.Add(Line(key, string.Empty, allowed));
        }
    }

    private static void File(List<string> failures, string key, string value, string what)
    {
        if (string.IsNullOrWhiteSpace(value))
        {
            failures.Add(Line(key, string.Empty, $"the file of {what}"));
        }
        else if (!System.IO.File.Exists(value))
        {
            failures.Add(Line(key, value, $"an existing file, {what}"));
        }
    }

    private static void Count(List<string> failures, string key, int value)
    {
        if (value is < 1 or > 1_000_000)
        {
            failures.Add(Line(key, value.ToString(CultureInfo.InvariantCulture), "a whole number from 1 to 1000000"));
        }
    }

    private static void Range(List<string> failures, string key, TimeSpan value, TimeSpan minimum, TimeSpan maximum)
    {
        if (value < minimum || value > maximum)
        {
            failures.Add(Line(key, value.ToString("c", CultureInfo.InvariantCulture), $"a time from {minimum:c} to {maximum:c}"));
        }
    }
}
