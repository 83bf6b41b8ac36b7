using HostAgent.Contracts.Failback.V1;
using HostAgent.HyperV.Replication;
using HostAgent.Texts;
using DomainAuthentication = HostAgent.HyperV.Replication.AuthenticationType;

namespace HostAgent.Agent.Wire;

/// <summary>Reads overrides of replication settings.</summary>
internal static class SettingOverrides
{
    private static readonly Dictionary<string, string> FieldsByProperty = new(StringComparer.Ordinal)
    {
        [nameof(ReplicationSettingOverrides.AuthenticationType)] = "authentication_type",
        [nameof(ReplicationSettingOverrides.CertificateThumbPrint)] = "certificate_thumbprint",
        [nameof(ReplicationSettingOverrides.RecoveryConnectionPoint)] = "recovery_connection_point",
        [nameof(ReplicationSettingOverrides.RecoveryServerPortNumber)] = "recovery_server_port",
        [nameof(ReplicationSettingOverrides.ApplicationConsistentSnapshotInterval)] = "application_consistent_snapshot_interval_hours",
        [nameof(ReplicationSettingOverrides.RecoveryHistory)] = "recovery_history",
        [nameof(ReplicationSettingOverrides.AutoResynchronizeIntervalStart)] = "auto_resynchronize_interval_start",
        [nameof(ReplicationSettingOverrides.AutoResynchronizeIntervalEnd)] = "auto_resynchronize_interval_end",
        [nameof(ReplicationSettingOverrides.ReplicationInterval)] = "replication_interval",
        [nameof(ReplicationSettingOverrides.AdditionalSettings)] = "additional_settings",
    };

    /// <summary>Reads and checks them.</summary>
    public static ReplicationSettingOverrides Read(ReplicationSettings settings, FieldErrors errors)
    {
        var overrides = new ReplicationSettingOverrides
        {
            AuthenticationType = settings.HasAuthenticationType ? (DomainAuthentication)(int)settings.AuthenticationType : null,
            CertificateThumbPrint = settings.HasCertificateThumbprint ? settings.CertificateThumbprint : null,
            CompressionEnabled = settings.HasCompressionEnabled ? settings.CompressionEnabled : null,
            BypassProxyServer = settings.HasBypassProxyServer ? settings.BypassProxyServer : null,
            RecoveryConnectionPoint = settings.HasRecoveryConnectionPoint ? settings.RecoveryConnectionPoint : null,
            RecoveryServerPortNumber = settings.HasRecoveryServerPort ? Whole(settings.RecoveryServerPort) : null,
            ReplicateHostKvpItems = settings.HasReplicateHostKvpItems ? settings.ReplicateHostKvpItems : null,
            ApplicationConsistentSnapshotInterval = settings.HasApplicationConsistentSnapshotIntervalHours
                ? Whole(settings.ApplicationConsistentSnapshotIntervalHours)
                : null,
            RecoveryHistory = settings.HasRecoveryHistory ? Whole(settings.RecoveryHistory) : null,
            AutoResynchronizeEnabled = settings.HasAutoResynchronizeEnabled ? settings.AutoResynchronizeEnabled : null,
            AutoResynchronizeIntervalStart = errors.Span("overrides.auto_resynchronize_interval_start", settings.AutoResynchronizeIntervalStart),
            AutoResynchronizeIntervalEnd = errors.Span("overrides.auto_resynchronize_interval_end", settings.AutoResynchronizeIntervalEnd),
            ReplicationInterval = errors.Span("overrides.replication_interval", settings.ReplicationInterval),
            AdditionalSettings = settings.HasAdditionalSettings ? settings.AdditionalSettings : null,
        };
        foreach (var error in overrides.Validate())
        {
            errors.Add(
                "overrides." + FieldsByProperty.GetValueOrDefault(error.Property, error.Property),
                $"is '{VisibleText.Shortened(error.Value)}'; it must be {error.Allowed}");
        }

        return overrides;
    }

    // A number too large for what it means is kept too large, so that the check says so.
    private static int Whole(uint value) => value > int.MaxValue ? int.MaxValue : (int)value;
}
