using HostAgent.Documents;

namespace HostAgent.Campaigns.Spec;

/// <summary>The document's <c>replicationSettings</c>; ranges as in Msvm_ReplicationSettingData.</summary>
internal static class SettingsReader
{
    private static readonly TimeSpan LastMinute = TimeSpan.FromHours(24) - TimeSpan.FromMinutes(1);

    public static ReplicationSettingsOverrides Read(MappingReader settings) => new()
    {
        AuthenticationType = settings.Optional("authenticationType").Choice(new Dictionary<string, int>(StringComparer.Ordinal)
        {
            ["kerberos"] = 1,
            ["certificate"] = 2,
        }),
        CertificateThumbprint = ReadText(settings.Optional("certificateThumbprint"), 128),
        CompressionEnabled = settings.Optional("compressionEnabled").Boolean(),
        BypassProxyServer = settings.Optional("bypassProxyServer").Boolean(),
        RecoveryConnectionPoint = ReadConnectionPoint(settings.Optional("recoveryConnectionPoint")),
        RecoveryServerPort = settings.Optional("recoveryServerPort").Integer(1, 65535),
        ReplicateHostKvpItems = settings.Optional("replicateHostKvpItems").Boolean(),
        ApplicationConsistentSnapshotIntervalHours = settings.Optional("applicationConsistentSnapshotIntervalHours").Integer(0, 12),
        RecoveryHistory = settings.Optional("recoveryHistory").Integer(0, 24),
        AutoResynchronizeEnabled = settings.Optional("autoResynchronizeEnabled").Boolean(),
        AutoResynchronizeIntervalStart = settings.Optional("autoResynchronizeIntervalStart").Duration(TimeSpan.Zero, LastMinute),
        AutoResynchronizeIntervalEnd = settings.Optional("autoResynchronizeIntervalEnd").Duration(TimeSpan.Zero, LastMinute),
        ReplicationInterval = settings.Optional("replicationInterval").Choice(new Dictionary<string, TimeSpan>(StringComparer.Ordinal)
        {
            ["30s"] = TimeSpan.FromSeconds(30),
            ["5m"] = TimeSpan.FromMinutes(5),
            ["15m"] = TimeSpan.FromMinutes(15),
        }),
        AdditionalSettings = ReadText(settings.Optional("additionalSettings"), 4096),
    };

    // The agent sends the settings to the host as XML 1.0, which allows fewer characters. Control characters are already rejected.
    private static string? ReadText(Field field, int longest)
    {
        var text = field.Text(1, longest);
        if (text is not null && text.EnumerateRunes().Any(rune => rune.Value is 0xFFFE or 0xFFFF or 0xFFFD))
        {
            field.Reject("a text without U+FFFD, U+FFFE and U+FFFF, which XML cannot carry or which replace a lost character");
            return null;
        }

        return text;
    }

    private static string? ReadConnectionPoint(Field field)
    {
        var name = field.Text(1, 256);
        if (name is not null && Uri.CheckHostName(name) != UriHostNameType.Dns)
        {
            field.Reject("a DNS name; Hyper-V does not accept an IP address here");
        }

        return name;
    }
}
