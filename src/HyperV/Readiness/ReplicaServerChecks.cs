using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Machines;

namespace HostAgent.HyperV.Readiness;

/// <summary>Checks of this host as a replica server: after the failback the primary side replicates here again.</summary>
internal static class ReplicaServerChecks
{
    public static IEnumerable<ReadinessCheck> Make(ReadinessFacts facts, VirtualMachine machine)
        => [Enabled(facts, machine), Authentication(facts, machine), Authorization(facts, machine)];

    private static ReadinessCheck Enabled(ReadinessFacts facts, VirtualMachine machine)
    {
        var (passed, observed) = WhyNotChecked(facts, machine) is { } reason
            ? (true, reason)
            : facts.ReplicaServer!.Enabled switch
            {
                true => (true, "this host accepts replication"),
                false => (false, "this host does not accept replication"),
                null => (true, "it is unknown whether this host accepts replication"),
            };
        return ReadinessCheck.Of(
            ReadinessCheckId.ReplicaServerNotEnabled, passed, CheckSeverity.Overridable, observed,
            "Enable this host as a replica server, or accept that the machine is unprotected after the failback.");
    }

    private static ReadinessCheck Authentication(ReadinessFacts facts, VirtualMachine machine)
    {
        var wanted = machine.ReplicationSettings?.AuthenticationType;
        var (passed, observed) = (WhyNotChecked(facts, machine), facts.ReplicaServer?.AllowedAuthenticationType, wanted) switch
        {
            ({ } reason, _, _) => (true, reason),
            (_, null, _) => (true, "it is unknown which authentication this host accepts"),
            (_, _, null) => (true, "authentication unknown"),
            // In the host's number bit 0 is Kerberos and bit 1 certificates; the authentication types use the same values.
            (_, { } allowed, { } type) => ((allowed & (int)type) != 0, $"authentication {Numbered.Text(type)}, this host accepts {Allowed(allowed)}"),
        };
        return ReadinessCheck.Of(
            ReadinessCheckId.ReplicaServerAuthenticationNotAllowed, passed, CheckSeverity.Overridable, observed,
            "Allow the relationship's authentication in this host's replication settings, or accept that the machine is unprotected after the failback.");
    }

    private static ReadinessCheck Authorization(ReadinessFacts facts, VirtualMachine machine)
    {
        string[] primaries = [.. new[] { machine.ReplicationSettings?.PrimaryHostSystem, machine.ReplicationSettings?.PrimaryConnectionPoint }
            .OfType<string>().Where(name => name.Length > 0).Distinct(StringComparer.OrdinalIgnoreCase)];
        var (passed, observed) = (WhyNotChecked(facts, machine), facts.AllowedPrimaries) switch
        {
            ({ } reason, _) => (true, reason),
            _ when !facts.Cluster.IsAbsent => (true, "the cluster's replication broker has the entries"),
            (_, null) => (true, "it is unknown who may replicate to this host"),
            _ when primaries.Length == 0 => (true, "the settings do not name the primary server"),
            (_, var allowed) => (allowed.Any(entry => Array.Exists(primaries, primary => Allows(entry, primary))),
                $"primary {string.Join(", ", primaries)}, this host allows {(allowed.Count == 0 ? "no server" : string.Join(", ", allowed))}"),
        };
        return ReadinessCheck.Of(
            ReadinessCheckId.ReplicaServerPrimaryNotAuthorized, passed, CheckSeverity.Overridable, observed,
            "Add an authorization entry for the primary server on this host, or accept that the machine is unprotected after the failback.");
    }

    /// <summary>Whether an authorization entry is for this server: its name, <c>*</c>, or <c>*.domain</c>.</summary>
    public static bool Allows(string entry, string primary)
        => entry == "*" || (entry.StartsWith("*.", StringComparison.Ordinal)
            ? primary.EndsWith(entry[1..], StringComparison.OrdinalIgnoreCase)
            : string.Equals(entry, primary, StringComparison.OrdinalIgnoreCase));

    private static string? WhyNotChecked(ReadinessFacts facts, VirtualMachine machine) => (machine.ReplicationSettings?.IsExternalProvider, facts.ReplicaServer) switch
    {
        (true, _) => "the external provider has its own connection",
        (null, _) => "the settings contain no replication provider",
        (_, null) => "this host's replica server settings are unknown",
        _ => null,
    };

    /// <summary>What the host's number of allowed authentication types means.</summary>
    public static string Allowed(int allowed) => allowed switch
    {
        0 => "none (0)",
        1 => "Kerberos (1)",
        2 => "certificates (2)",
        3 => "Kerberos and certificates (3)",
        _ => FormattableString.Invariant($"{allowed}"),
    };
}
