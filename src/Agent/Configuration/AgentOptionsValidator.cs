using System.Globalization;
using System.Net;

namespace HostAgent.Agent.Configuration;

/// <summary>Says everything that is wrong with the settings, each in one line that names the key, the value and what is allowed.</summary>
internal static class AgentOptionsValidator
{
    /// <summary>One line for each error; empty when all is well. The certificates are judged by those who load them.</summary>
    public static IReadOnlyList<string> Validate(AgentOptions options)
    {
        var errors = new List<string>();
        Demand(IPEndPoint.TryParse(options.Listen, out _) && options.Listen.Contains(':', StringComparison.Ordinal),
            nameof(options.Listen), options.Listen, "an IP address and a port, such as 0.0.0.0:7443 or [::]:7443");
        Demand(!string.IsNullOrWhiteSpace(options.Data), nameof(options.Data), options.Data, "a directory");
        Demand(!string.IsNullOrWhiteSpace(options.Host), nameof(options.Host), options.Host, "the name of the host");
        Demand(options.Simulate is null || File.Exists(options.Simulate), nameof(options.Simulate), options.Simulate, "the path of an estate document that exists");
        Demand(options.Speed is > 0 and <= 100_000, nameof(options.Speed), options.Speed, "a number above 0, at most 100000");
        Demand(options.Simulate is not null || options.Speed is 1, nameof(options.Speed), options.Speed, "1, unless a host is simulated");
        Demand(options.MaxConcurrentFailbacks is >= 1 and <= 1000, nameof(options.MaxConcurrentFailbacks), options.MaxConcurrentFailbacks, "1 to 1000");
        Demand(options.MaxQueuedFailbacks is >= 0 and <= 10_000, nameof(options.MaxQueuedFailbacks), options.MaxQueuedFailbacks, "0 to 10000");
        Demand(options.NoProgressAfter >= TimeSpan.FromSeconds(1), nameof(options.NoProgressAfter), options.NoProgressAfter, "00:00:01 or more");
        Demand(options.OperationRetention >= TimeSpan.FromDays(1), nameof(options.OperationRetention), options.OperationRetention, "1.00:00:00 (a day) or more");
        Demand(options.HostDeadline >= TimeSpan.FromSeconds(1) && options.HostDeadline <= TimeSpan.FromMinutes(5),
            nameof(options.HostDeadline), options.HostDeadline, "00:00:01 to 00:05:00");
        Demand(options.MaxConnectionAge >= TimeSpan.FromMinutes(1) && options.MaxConnectionAge <= TimeSpan.FromDays(7),
            nameof(options.MaxConnectionAge), options.MaxConnectionAge, "00:01:00 to 7.00:00:00 (days)");
        Demand(options.MaxConnections is null or >= 1 and <= 1_000_000, nameof(options.MaxConnections), options.MaxConnections, "1 to 1000000");
        Demand(options.MaxConnectionsPerPeer is >= 1 and <= 1_000_000, nameof(options.MaxConnectionsPerPeer), options.MaxConnectionsPerPeer, "1 to 1000000");
        Demand(options.MaxCallsPerPeer is >= 1 and <= 1_000_000, nameof(options.MaxCallsPerPeer), options.MaxCallsPerPeer, "1 to 1000000");
        foreach (var state in options.AllowedReplicationStates)
        {
            Demand(state is >= 0 and <= 65_535, nameof(options.AllowedReplicationStates), state, "numbers from 0 to 65535");
        }

        Demand(options.CertificateExpiryWarning >= TimeSpan.Zero && options.CertificateExpiryWarning <= TimeSpan.FromDays(365),
            nameof(options.CertificateExpiryWarning), options.CertificateExpiryWarning, "00:00:00 to 365.00:00:00 (days)");
        Demand(options.MinimumFreePercent is >= 0 and <= 100, nameof(options.MinimumFreePercent), options.MinimumFreePercent, "0 to 100");
        return errors;

        void Demand(bool good, string key, object? value, string allowed)
        {
            if (!good)
            {
                errors.Add(string.Create(CultureInfo.InvariantCulture, $"{AgentOptions.Section}:{key} is '{value}', allowed is {allowed}."));
            }
        }
    }
}
