using HostAgent.Documents;

namespace HostAgent.Campaigns.Spec;

/// <summary>The document's <c>replicationSettings</c>; ranges as in Msvm_ReplicationSettingData.</summary>
internal static class SettingsReader
{
    private static readonly TimeSpan LastMinute = TimeSpan.FromHours(24) - TimeSpan.FromMinutes(1);

    public static ReplicationSettingsOverrides Read(MappingReader settings) => new()
    {
        AuthenticationType = settings.Optional("authenticationType").Described("How the two sides authenticate.").Choice(new Dictionary<string, int>(StringComparer.Ordinal)
        {
            ["kerberos"] = 1,
            ["certificate"] = 2,
        }),
        CertificateThumbprint = ReadText(settings.Optional("certificateThumbprint").Described("Required with certificate."), 128),
        CompressionEnabled = settings.Optional("compressionEnabled").Described("Whether the replicated data is compressed.").Boolean(),
        BypassProxyServer = settings.Optional("bypassProxyServer").Described("Whether a proxy server is bypassed.").Boolean(),
        RecoveryConnectionPoint = settings.Optional("recoveryConnectionPoint").Described("The DNS name at which the other side is reached; never an IP address.")
            .DnsName(256, "a DNS name; Hyper-V does not accept an IP address here"),
        RecoveryServerPort = settings.Optional("recoveryServerPort").Described("Its port.").Integer(1, 65535),
        ReplicateHostKvpItems = settings.Optional("replicateHostKvpItems").Described("Whether the host's key-value pairs are replicated.").Boolean(),
        ApplicationConsistentSnapshotIntervalHours = settings.Optional("applicationConsistentSnapshotIntervalHours").Described("0 for none.").Integer(0, 12),
        RecoveryHistory = settings.Optional("recoveryHistory").Described("Additional recovery points.").Integer(0, 24),
        AutoResynchronizeEnabled = settings.Optional("autoResynchronizeEnabled").Described("Whether it resynchronises automatically when needed.").Boolean(),
        AutoResynchronizeIntervalStart = settings.Optional("autoResynchronizeIntervalStart").Described("Start of the time of day in which it may").Duration(TimeSpan.Zero, LastMinute),
        AutoResynchronizeIntervalEnd = settings.Optional("autoResynchronizeIntervalEnd").Described("End of the time of day in which it may").Duration(TimeSpan.Zero, LastMinute),
        ReplicationInterval = settings.Optional("replicationInterval").Described("How often changes are sent.").Choice(new Dictionary<string, TimeSpan>(StringComparer.Ordinal)
        {
            ["30s"] = TimeSpan.FromSeconds(30),
            ["5m"] = TimeSpan.FromMinutes(5),
            ["15m"] = TimeSpan.FromMinutes(15),
        }),
        AdditionalSettings = ReadText(settings.Optional("additionalSettings").Described("Free text that the replication provider defines."), 4096),
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
}
