using HostAgent.Documents;
using HostAgent.HyperV.Simulation.Identifiers;

namespace HostAgent.HyperV.Simulation.Estates;

/// <summary>The document keys of a host's replica server settings.</summary>
internal static class ReplicationServerKeys
{
    private static readonly SimulatedAuthorizationEntry EntryBasis = SimulatedAuthorizationEntry.AnyServer;

    public static SimulatedHostDescription Read(MappingReader reader, SimulatedHostDescription basis) => basis with
    {
        RecoveryServerEnabled = reader.Optional("recoveryServerEnabled").Described("Whether the host is enabled as a replica server.").Boolean(basis.RecoveryServerEnabled),
        AllowedAuthentication = EnumNames<RecoveryServerAuthentication>.Read(reader.Optional("allowedAuthentication").Described("How primary servers may authenticate to it."), basis.AllowedAuthentication),
        HttpPort = reader.Optional("httpPort").Described("Its port for Kerberos.").Integer(1, EstateLimits.Port, basis.HttpPort),
        HttpsPort = reader.Optional("httpsPort").Described("Its port for certificates.").Integer(1, EstateLimits.Port, basis.HttpsPort),
        MonitoringInterval = reader.Optional("monitoringInterval").Described("Monitoring interval of replication statistics").Duration(EstateLimits.ShortestMonitoring, EstateLimits.LongestMonitoring, basis.MonitoringInterval),
        AuthorizationEntries = ReadEntries(
            reader.Optional("authorizationEntries").Described("The primary servers that may replicate to it; an empty list for none.").ByDefault(basis.AuthorizationEntries.Select(Write))) ?? basis.AuthorizationEntries,
    };

    /// <summary>The keys with values other than the default.</summary>
    public static IEnumerable<KeyValuePair<string, object>> Write(SimulatedHostDescription host, SimulatedHostDescription basis)
    {
        var names = new List<(string Key, object Value, bool IsDefault)>
        {
            ("recoveryServerEnabled", host.RecoveryServerEnabled, host.RecoveryServerEnabled == basis.RecoveryServerEnabled),
            ("allowedAuthentication", EnumNames<RecoveryServerAuthentication>.NameOf(host.AllowedAuthentication), host.AllowedAuthentication == basis.AllowedAuthentication),
            ("httpPort", host.HttpPort, host.HttpPort == basis.HttpPort),
            ("httpsPort", host.HttpsPort, host.HttpsPort == basis.HttpsPort),
            ("monitoringInterval", DurationText.Write(host.MonitoringInterval), host.MonitoringInterval == basis.MonitoringInterval),
            ("authorizationEntries", host.AuthorizationEntries.Select(Write).ToList(), host.AuthorizationEntries.SequenceEqual(basis.AuthorizationEntries)),
        };
        return names.Where(name => !name.IsDefault).Select(name => KeyValuePair.Create(name.Key, name.Value));
    }

    private static List<SimulatedAuthorizationEntry>? ReadEntries(Field field)
    {
        var entries = field.List(element => element.Mapping(ReadEntry, "authorizationEntry")).ToList();
        if (entries.DistinctBy(entry => entry.AllowedPrimaryHostSystem, StringComparer.OrdinalIgnoreCase).Count() < entries.Count)
        {
            field.Reject("one entry for each allowedPrimaryHostSystem");
        }

        return field.IsPresent ? entries : null;
    }

    private static SimulatedAuthorizationEntry ReadEntry(MappingReader reader)
    {
        var allowed = reader.Required("allowedPrimaryHostSystem", EstateLimits.PrimaryHostSystem)
            .Described("A DNS name, '*.' and a domain, or '*' for any server; unique among the host's entries.");
        var name = allowed.Text(1, 256);
        if (name is not null && !EstateLimits.IsPrimaryHostSystem(name))
        {
            allowed.Reject(EstateLimits.PrimaryHostSystem);
        }

        var location = reader.Optional("replicaStorageLocation").Described("The folder of the replicas, an absolute Windows path.");
        var folder = location.Text(1, WindowsPath.MaxLength, EntryBasis.ReplicaStorageLocation);
        if (!WindowsPath.IsWhole(folder))
        {
            location.Reject("an absolute Windows path");
        }

        return new SimulatedAuthorizationEntry(name ?? "?")
        {
            TrustGroup = reader.Optional("trustGroup").Described("The trust group of the entry.").Text(1, 256, EntryBasis.TrustGroup),
            ReplicaStorageLocation = folder,
        };
    }

    private static Dictionary<string, object> Write(SimulatedAuthorizationEntry entry)
    {
        var written = new Dictionary<string, object> { ["allowedPrimaryHostSystem"] = entry.AllowedPrimaryHostSystem };
        if (entry.TrustGroup != EntryBasis.TrustGroup)
        {
            written["trustGroup"] = entry.TrustGroup;
        }

        if (entry.ReplicaStorageLocation != EntryBasis.ReplicaStorageLocation)
        {
            written["replicaStorageLocation"] = entry.ReplicaStorageLocation;
        }

        return written;
    }
}
