using HostAgent.Documents;
using HostAgent.HyperV.Simulation.Model;

namespace HostAgent.HyperV.Simulation.Estates;

/// <summary>The document keys of a host's replica server settings.</summary>
internal static class ReplicationServerKeys
{
    private static readonly SimulatedAuthorizationEntry EntryBasis = SimulatedAuthorizationEntry.AnyServer;

    public static SimulatedHostDescription Read(MappingReader reader, SimulatedHostDescription basis) => basis with
    {
        RecoveryServerEnabled = reader.Optional("recoveryServerEnabled").Boolean() ?? basis.RecoveryServerEnabled,
        AllowedAuthentication = EnumNames<RecoveryServerAuthentication>.Read(reader.Optional("allowedAuthentication")) ?? basis.AllowedAuthentication,
        HttpPort = reader.Optional("httpPort").Integer(1, EstateLimits.Port) ?? basis.HttpPort,
        HttpsPort = reader.Optional("httpsPort").Integer(1, EstateLimits.Port) ?? basis.HttpsPort,
        MonitoringInterval = reader.Optional("monitoringInterval").Duration(EstateLimits.ShortestMonitoring, EstateLimits.LongestMonitoring) ?? basis.MonitoringInterval,
        AuthorizationEntries = ReadEntries(reader.Optional("authorizationEntries")) ?? basis.AuthorizationEntries,
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
        if (!field.IsPresent)
        {
            return null;
        }

        var entries = field.List(element => element.Mapping(ReadEntry)).ToList();
        if (entries.DistinctBy(entry => entry.AllowedPrimaryHostSystem, StringComparer.OrdinalIgnoreCase).Count() < entries.Count)
        {
            field.Reject("one entry for each allowedPrimaryHostSystem");
        }

        return entries;
    }

    private static SimulatedAuthorizationEntry ReadEntry(MappingReader reader)
    {
        var allowed = reader.Required("allowedPrimaryHostSystem", EstateLimits.PrimaryHostSystem);
        var name = allowed.Text(1, 256);
        if (name is not null && !EstateLimits.IsPrimaryHostSystem(name))
        {
            allowed.Reject(EstateLimits.PrimaryHostSystem);
        }

        var location = reader.Optional("replicaStorageLocation");
        var folder = location.Text(1, WindowsPath.MaxLength);
        if (folder is not null && !WindowsPath.IsWhole(folder))
        {
            location.Reject("an absolute Windows path");
        }

        return new SimulatedAuthorizationEntry(name ?? "?")
        {
            TrustGroup = reader.Optional("trustGroup").Text(1, 256) ?? EntryBasis.TrustGroup,
            ReplicaStorageLocation = folder ?? EntryBasis.ReplicaStorageLocation,
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
