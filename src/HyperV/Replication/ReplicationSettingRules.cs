using System.Globalization;
using System.Net;
using HostAgent.HyperV.Cim.Xml;

namespace HostAgent.HyperV.Replication;

/// <summary>The ranges of replication settings (documentation of Msvm_ReplicationSettingData and of Set-VMReplication).</summary>
internal static class ReplicationSettingRules
{
    public static IReadOnlyList<ReplicationSettingError> Check(ReplicationSettingOverrides overrides)
    {
        var errors = new List<ReplicationSettingError>();

        void Require<T>(bool good, string property, T value, string allowed)
        {
            if (!good)
            {
                errors.Add(new(property, Convert.ToString(value, CultureInfo.InvariantCulture) ?? string.Empty, allowed));
            }
        }

        foreach (var (property, text) in new[]
        {
            (nameof(overrides.CertificateThumbPrint), overrides.CertificateThumbPrint),
            (nameof(overrides.RecoveryConnectionPoint), overrides.RecoveryConnectionPoint),
            (nameof(overrides.AdditionalSettings), overrides.AdditionalSettings),
        })
        {
            Require(text is null || CimXmlText.CanCarry(text), property, text, "text without characters that XML 1.0 cannot represent, such as U+FFFF");
        }

        if (overrides.AuthenticationType is { } authentication)
        {
            Require(Enum.IsDefined(authentication), nameof(overrides.AuthenticationType), authentication, "1 (Kerberos) or 2 (certificate)");
            Require(
                authentication is not AuthenticationType.Certificate || !string.IsNullOrWhiteSpace(overrides.CertificateThumbPrint),
                nameof(overrides.CertificateThumbPrint), overrides.CertificateThumbPrint, "a thumbprint, since AuthenticationType is set to certificate");
        }

        if (overrides.CertificateThumbPrint is { } thumbprint)
        {
            Require(thumbprint.Length <= 128, nameof(overrides.CertificateThumbPrint), thumbprint, "at most 128 characters");
        }

        if (overrides.RecoveryConnectionPoint is { } name)
        {
            Require(name.Length is > 0 and <= 256, nameof(overrides.RecoveryConnectionPoint), name, "1 to 256 characters");
            Require(!IPAddress.TryParse(name, out _), nameof(overrides.RecoveryConnectionPoint), name, "a DNS name, not an IP address");
        }

        if (overrides.RecoveryServerPortNumber is { } port)
        {
            Require(port is >= 1 and <= 65535, nameof(overrides.RecoveryServerPortNumber), port, "1 to 65535");
        }

        if (overrides.ApplicationConsistentSnapshotInterval is { } hours)
        {
            Require(hours is >= 0 and <= 12, nameof(overrides.ApplicationConsistentSnapshotInterval), hours, "0 (off) to 12 hours");
        }

        if (overrides.RecoveryHistory is { } points)
        {
            Require(points is >= 0 and <= 24, nameof(overrides.RecoveryHistory), points, "0 to 24 points");
        }

        if (overrides.AutoResynchronizeIntervalStart is { } start)
        {
            Require(IsTimeOfDay(start), nameof(overrides.AutoResynchronizeIntervalStart), start, "a time of day, 00:00:00 to 23:59:59");
        }

        if (overrides.AutoResynchronizeIntervalEnd is { } end)
        {
            Require(IsTimeOfDay(end), nameof(overrides.AutoResynchronizeIntervalEnd), end, "a time of day, 00:00:00 to 23:59:59");
        }

        if (overrides.ReplicationInterval is { } interval)
        {
            Require(
                interval.TotalSeconds is 30 or 300 or 900, nameof(overrides.ReplicationInterval), interval, "30, 300 or 900 seconds");
        }

        return errors;
    }

    private static bool IsTimeOfDay(TimeSpan time) => time >= TimeSpan.Zero && time < TimeSpan.FromDays(1);
}
