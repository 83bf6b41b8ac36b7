using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace HostAgent.HyperV.Certificates;

/// <summary>
/// Lets the machine that this process runs on judge: its computer store has the keys, its trusted roots end the chains. The last
/// judgement serves for a minute, since all machines of a host use the same certificate and revocation lists may be far away.
/// </summary>
/// <param name="time">The clock of validity and of the deadline.</param>
public sealed class LocalCertificateTrust(TimeProvider time) : ICertificateTrust
{
    // Each list is given this long; a chain has a few of them, and a preflight is not worth a longer wait for all.
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
            // Building a chain blocks and takes no token; what is given up ends by the time limit of its own.
            return await Begin(certificate, revocation).WaitAsync(ForAll, time, cancellationToken);
        }
        catch (CryptographicException exception)
        {
            return new CertificateTrust(HasPrivateKey: null, [$"its chain could not be judged: {exception.Message}"]);
        }
        catch (TimeoutException)
        {
            return new CertificateTrust(HasPrivateKey: null, [$"its chain could not be judged within {ForAll.TotalSeconds:0} s."]);
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

        // Validity has a check of its own.
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
