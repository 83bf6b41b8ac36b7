using System.Security.Cryptography.X509Certificates;
using HostAgent.HyperV.Certificates;
using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Failback;
using HostAgent.HyperV.Machines;
using HostAgent.HyperV.Replication;
using HostAgent.HyperV.Services;

namespace HostAgent.HyperV.Readiness;

/// <summary>
/// Finds the certificate of a machine's replication on the host. Only for certificate authentication with the in-box provider:
/// an external one ignores these settings. A host that does not list its certificates is not an obstacle.
/// </summary>
internal sealed class CertificateProbe(ReplicationServiceCaller service, ICertificateTrust? trust, X509RevocationMode revocation)
{
    public async Task<CertificateFacts> LookAsync(VirtualMachine machine, CancellationToken cancellationToken)
    {
        if (WhyNotAsked(machine.ReplicationSettings) is { } reason)
        {
            return CertificateFacts.Unchecked(reason);
        }

        var thumbprint = Thumbprint.Normalize(machine.ReplicationSettings!.CertificateThumbPrint!);
        try
        {
            var (code, texts) = await service.GetSystemCertificatesAsync(cancellationToken);
            return code is ReturnCode.Completed
                ? await FindAsync(thumbprint, texts, cancellationToken)
                : CertificateFacts.Unchecked($"the host did not list its certificates: it answered {Numbered.Text(code)}");
        }
        catch (Exception exception) when (exception is CimException or CimDataException)
        {
            return CertificateFacts.Unchecked($"the host did not list its certificates: {exception.Message}");
        }
    }

    private static string? WhyNotAsked(ReplicationSettingData? settings) => settings switch
    {
        null => "the machine has no replication settings",
        { IsExternalProvider: true } => "the external provider ignores the authentication settings",
        { AuthenticationType: null } => "authentication unknown",
        { AuthenticationType: not AuthenticationType.Certificate and { } other } => $"authentication {Numbered.Text(other)} uses no certificate",
        { CertificateThumbPrint: var thumbprint } when string.IsNullOrWhiteSpace(thumbprint) => "the settings contain no certificate thumbprint",
        _ => null,
    };

    private async Task<CertificateFacts> FindAsync(string thumbprint, IReadOnlyList<string> texts, CancellationToken cancellationToken)
    {
        var read = texts.Select(CertificateReader.Read).ToList();
        var found = read.Find(certificate => string.Equals(certificate?.Thumbprint, thumbprint, StringComparison.OrdinalIgnoreCase));
        return new CertificateFacts
        {
            Thumbprint = thumbprint,
            Certificate = found,
            Total = read.Count,
            Unreadable = read.Count(certificate => certificate is null),
            Trust = found is not null && trust is not null ? await trust.JudgeAsync(found, revocation, cancellationToken) : null,
        };
    }
}
