using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace HostAgent.HyperV.Certificates;

/// <summary>
/// Checks certificates against the computer store and trusted roots of the machine this process runs on. Results are cached for a
/// minute: all machines of a host use the same certificate, and fetching revocation lists can be slow.
/// </summary>
/// <param name="time">Clock for validity and the deadline.</param>
public sealed class LocalCertificateTrust(TimeProvider time) : ICertificateTrust
{
    // Timeout per revocation list. A chain needs several, and a preflight should not wait longer than this for all of them.
    private static readonly TimeSpan ForOneList = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ForAll = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Serves = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private Judgement? _last;

    /// <inheritdoc/>
    public async Task<CertificateTrust> JudgeAsync(HostCertificate certificate, X509RevocationMode revocation, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        try
        {
            // Building a chain blocks and takes no token; an abandoned build ends at its own timeout.
            return await Begin(certificate, revocation).WaitAsync(ForAll, time, cancellationToken);
        }
        catch (CryptographicException exception)
        {
            return new CertificateTrust(HasPrivateKey: null, [$"the certificate chain could not be checked: {exception.Message}"]);
        }
        catch (TimeoutException)
        {
            return new CertificateTrust(HasPrivateKey: null, [$"the certificate chain could not be checked within {ForAll.TotalSeconds:0} s."]);
        }
    }

    private Task<CertificateTrust> Begin(HostCertificate certificate, X509RevocationMode revocation)
    {
        lock (_gate)
        {
            var now = time.GetTimestamp();
            if (_last is not { } last || last.Thumbprint != certificate.Thumbprint || last.Revocation != revocation
                || last.Work.IsFaulted || time.GetElapsedTime(last.Begun, now) >= Serves)
            {
                _last = last = new Judgement(certificate.Thumbprint, revocation, now, Task.Run(() => Judge(certificate, revocation), CancellationToken.None));
            }

            return last.Work;
        }
    }

    private CertificateTrust Judge(HostCertificate certificate, X509RevocationMode revocation)
    {
        using var judged = X509CertificateLoader.LoadCertificate(certificate.Encoded.Span);
        using var chain = new X509Chain(useMachineContext: OperatingSystem.IsWindows());
        chain.ChainPolicy.RevocationMode = revocation;
        chain.ChainPolicy.UrlRetrievalTimeout = ForOneList;
        chain.ChainPolicy.VerificationTime = time.GetUtcNow().LocalDateTime;

        // Validity dates have their own check.
        chain.ChainPolicy.VerificationFlags = X509VerificationFlags.IgnoreNotTimeValid;
        var trusted = chain.Build(judged);
        foreach (var element in chain.ChainElements)
        {
            element.Certificate.Dispose();
        }

        return new CertificateTrust(
            HasPrivateKey(certificate.Thumbprint),
            trusted ? [] : [.. chain.ChainStatus.Where(status => status.Status is not X509ChainStatusFlags.NotTimeValid).Select(status => $"{status.Status}: {status.StatusInformation.Trim()}")]);
    }

    private static bool? HasPrivateKey(string thumbprint)
    {
        if (!OperatingSystem.IsWindows())
        {
            return null;
        }

        try
        {
            using var store = new X509Store(StoreName.My, StoreLocation.LocalMachine);
            store.Open(OpenFlags.ReadOnly | OpenFlags.OpenExistingOnly);
            var found = store.Certificates.Find(X509FindType.FindByThumbprint, thumbprint, validOnly: false);
            var has = found is [var one, ..] ? one.HasPrivateKey : (bool?)null;
            foreach (var certificate in found)
            {
                certificate.Dispose();
            }

            return has;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private sealed record Judgement(string Thumbprint, X509RevocationMode Revocation, long Begun, Task<CertificateTrust> Work);
}
