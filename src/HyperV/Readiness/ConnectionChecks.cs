using System.Net;
using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Machines;
using HostAgent.HyperV.Replication;
using HostAgent.HyperV.Services;

namespace HostAgent.HyperV.Readiness;

/// <summary>Checks of the replication provider and the connection to the other side.</summary>
internal static class ConnectionChecks
{
    public static IEnumerable<ReadinessCheck> Registration(ReadinessFacts facts, VirtualMachine machine)
        => [Registered(facts, machine), Thumbprint(machine)];

    public static IEnumerable<ReadinessCheck> Reach(ReadinessFacts facts, VirtualMachine machine)
        => [ConnectionPoint(machine), Reachable(facts, machine)];

    private static ReadinessCheck Registered(ReadinessFacts facts, VirtualMachine machine)
    {
        var used = machine.ReplicationSettings?.ReplicationProvider;
        var known = used is null || facts.Providers is not { } providers || providers.Any(provider => Names(used, provider));
        return ReadinessCheck.Of(
            ReadinessCheckId.ReplicationProviderNotRegistered, known, CheckSeverity.Overridable,
            (used, facts.Providers) switch
            {
                (null, _) => "the settings contain no replication provider",
                (_, null) => "the host did not list its replication providers",
                (_, { } all) => $"{(known ? "registered" : $"not registered: {used}; registered")}: {string.Join(", ", all.Select(provider => provider.DisplayName ?? provider.Name))}",
            },
            "Reinstall the replication provider on this host, or use a host that has it.");
    }

    // Paths to the same provider differ in server name and escaping; the GUID at the end does not.
    private static bool Names(string path, ReplicationProvider provider)
        => path.TrimEnd().TrimEnd('"').EndsWith(provider.Name, StringComparison.OrdinalIgnoreCase);

    private static ReadinessCheck Thumbprint(VirtualMachine machine)
    {
        var settings = machine.ReplicationSettings;
        var external = settings?.IsExternalProvider == true;
        var missing = !external && settings is { AuthenticationType: AuthenticationType.Certificate } && string.IsNullOrWhiteSpace(settings.CertificateThumbPrint);
        return ReadinessCheck.Of(
            ReadinessCheckId.CertificateThumbprintMissing, !missing, CheckSeverity.Blocking,
            external ? "the external provider ignores the authentication settings"
                : settings?.AuthenticationType is { } authentication
                ? $"authentication {Numbered.Text(authentication)}{(missing ? " without a certificate thumbprint" : "")}"
                : "authentication unknown",
            "Set the thumbprint of one of this host's certificates in the replication settings.");
    }

    private static ReadinessCheck ConnectionPoint(VirtualMachine machine)
    {
        var settings = machine.ReplicationSettings;
        string?[] names = [settings?.PrimaryConnectionPoint, settings?.RecoveryConnectionPoint];
        var addresses = names.Where(n => IPAddress.TryParse(n, out _)).ToList();
        return ReadinessCheck.Of(
            ReadinessCheckId.ConnectionPointIsAddress, addresses.Count == 0, CheckSeverity.Informational,
            addresses.Count == 0
                ? $"primary {OrUnknown(settings?.PrimaryConnectionPoint)}, recovery {OrUnknown(settings?.RecoveryConnectionPoint)}"
                : $"the settings contain an IP address: {string.Join(", ", addresses)}",
            "Use DNS names: neither Kerberos nor certificates work with addresses.");
    }

    private static string OrUnknown(string? name) => string.IsNullOrEmpty(name) ? "unknown" : name;

    private static ReadinessCheck Reachable(ReadinessFacts facts, VirtualMachine machine) => ReadinessCheck.Of(
        ReadinessCheckId.PrimaryNotReachable, facts.PrimaryConnection is not { Reached: not true }, CheckSeverity.Overridable,
        (facts.PrimaryConnection, machine.ReplicationSettings?.IsExternalProvider) switch
        {
            ({ } trial, _) => FormattableString.Invariant($"{trial.Connection.ConnectionPoint}:{trial.Connection.Port}: {trial.Observed}"),
            (_, true) => "not tested: the external provider has its own connection to the primary side",
            _ => "not tested: the host does not offer a test, or the settings are incomplete",
        },
        "Check that the primary side is up, that it accepts replication from this host, and that its firewall allows the port.");
}
