using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Options;

namespace HostAgent.Transport.Tls;

/// <summary>Loads an identity from its files and collects every error before it gives up.</summary>
internal sealed class MutualTlsIdentityLoader(MutualTlsOptions options, TimeProvider time, string section)
{
    private readonly List<string> _errors = [];

    public MutualTlsOptions Options => options;

    /// <summary>Reads everything, the deny list as well.</summary>
    /// <exception cref="OptionsValidationException">Something is wrong; it holds one line for each error.</exception>
    public (TlsCredentials Credentials, DenyList Denied) LoadAll()
    {
        List<string> errors = [];
        var denied = options.DeniedPath is { } path ? DenyList.Read(path, errors) : DenyList.Empty;
        errors = [.. errors.Select(error => $"{section}:DeniedCertificates: {error}")];
        try
        {
            var credentials = Load();
            if (errors.Count == 0)
            {
                return (credentials, denied);
            }

            credentials.Dispose();
        }
        catch (OptionsValidationException exception)
        {
            errors = [.. exception.Failures, .. errors];
        }

        throw new OptionsValidationException(section, typeof(MutualTlsOptions), errors);
    }

    /// <summary>Reads the files; may be called again when they have changed.</summary>
    /// <exception cref="OptionsValidationException">Something is wrong; it holds one line for each error.</exception>
    public TlsCredentials Load()
    {
        _errors.Clear();
        if (!options.AllowTls12 && !TlsTerms.SystemHasTls13)
        {
            Report(nameof(MutualTlsOptions.AllowTls12), "is false, but this Windows has no TLS 1.3, which comes with Windows Server 2022; it must be true, here and at every peer");
        }

        var certificatePem = ReadFile(nameof(MutualTlsOptions.CertificatePath), options.CertificatePath);
        var keyPem = ReadFile(nameof(MutualTlsOptions.PrivateKeyPath), options.PrivateKeyPath);
        if (keyPem is not null && OwnerOnly.ErrorOfSecret(options.PrivateKeyPath!) is { } exposed)
        {
            Report(nameof(MutualTlsOptions.PrivateKeyPath), exposed);
        }

        var authorityPem = ReadFile(nameof(MutualTlsOptions.AuthorityPath), options.AuthorityPath);

        var chain = ReadCertificates(nameof(MutualTlsOptions.CertificatePath), options.CertificatePath, certificatePem);
        var authorities = ReadCertificates(nameof(MutualTlsOptions.AuthorityPath), options.AuthorityPath, authorityPem);
        CheckAuthorities(authorities);
        var certificate = chain is [var leaf, ..] && keyPem is not null ? JoinKey(leaf, keyPem) : null;
        X509Certificate2Collection intermediates = chain is null ? [] : [.. chain.Skip(1)];
        var peer = chain is null ? null : Judge(chain[0], intermediates, authorities);

        if (_errors.Count > 0 || certificate is null || peer is null || authorities is null)
        {
            certificate?.Dispose();
            Dispose(chain);
            Dispose(authorities);
            throw new OptionsValidationException(section, typeof(MutualTlsOptions), [.. _errors]);
        }

        chain![0].Dispose();
        return new TlsCredentials(certificate, intermediates, authorities, peer, time);
    }

    private string? ReadFile(string setting, string? path)
    {
        if (string.IsNullOrWhiteSpace(path))
        {
            Report(setting, "is not set; it must be the path of a PEM file");
            return null;
        }

        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            Report(setting, $"file '{path}' does not exist");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            Report(setting, $"file '{path}' cannot be read: {exception.Message}");
        }

        return null;
    }

    private X509Certificate2Collection? ReadCertificates(string setting, string? path, string? pem)
    {
        if (pem is null)
        {
            return null;
        }

        X509Certificate2Collection certificates = [];
        try
        {
            certificates.ImportFromPem(pem);
        }
        catch (CryptographicException exception)
        {
            Report(setting, $"file '{path}' has an unreadable certificate: {exception.Message}");
            return null;
        }

        if (certificates.Count == 0)
        {
            Report(setting, $"file '{path}' has no PEM certificate (-----BEGIN CERTIFICATE-----)");
            return null;
        }

        return certificates;
    }

    private void CheckAuthorities(X509Certificate2Collection? authorities)
    {
        foreach (var authority in authorities ?? [])
        {
            if (!authority.Extensions.OfType<X509BasicConstraintsExtension>().Any(constraints => constraints.CertificateAuthority))
            {
                Report(nameof(MutualTlsOptions.AuthorityPath), $"file '{options.AuthorityPath}' contains a certificate that is not a certificate authority: '{authority.Subject}'");
            }
            else if (CertificateStrength.WeaknessOf([authority]) is { } weakness)
            {
                Report(nameof(MutualTlsOptions.AuthorityPath), $"file '{options.AuthorityPath}': {weakness}");
            }
        }
    }

    private X509Certificate2? JoinKey(X509Certificate2 leaf, string keyPem)
    {
        const string setting = nameof(MutualTlsOptions.PrivateKeyPath);
        if (keyPem.Contains("BEGIN ENCRYPTED PRIVATE KEY", StringComparison.Ordinal))
        {
            Report(setting, $"file '{options.PrivateKeyPath}' is encrypted; an unencrypted PEM key, readable by the service's account only, is needed");
            return null;
        }

        if (!keyPem.Contains("PRIVATE KEY-----", StringComparison.Ordinal))
        {
            Report(setting, $"file '{options.PrivateKeyPath}' has no PEM private key (-----BEGIN PRIVATE KEY-----)");
            return null;
        }

        try
        {
            using var joined = X509Certificate2.CreateFromPem(leaf.ExportCertificatePem(), keyPem);
            return Persisted(joined);
        }
        // The runtime says by this exception, in whatever other it wraps it, that key and certificate are not of one pair.
        catch (Exception problem) when (problem.GetBaseException() is ArgumentException)
        {
            Report(setting, $"file '{options.PrivateKeyPath}' does not hold the private key of the certificate in '{options.CertificatePath}' ('{leaf.Subject}')");
        }
        catch (CryptographicException problem)
        {
            Report(setting, $"the private key in file '{options.PrivateKeyPath}' cannot be used on this system: {problem.GetBaseException().Message.ReplaceLineEndings(" ")}");
        }

        return null;
    }

    // Schannel (Windows) cannot use a key that exists in memory only, as one loaded from PEM does: it must come in as PKCS#12.
    private static X509Certificate2 Persisted(X509Certificate2 certificate) => OperatingSystem.IsWindows()
        ? X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), password: null)
        : new X509Certificate2(certificate);

    private PeerIdentity? Judge(X509Certificate2 leaf, X509Certificate2Collection intermediates, X509Certificate2Collection? authorities)
    {
        const string setting = nameof(MutualTlsOptions.CertificatePath);
        var now = time.GetUtcNow();
        if (now > leaf.ValidUntil)
        {
            Report(setting, string.Create(CultureInfo.InvariantCulture, $"certificate '{leaf.Subject}' in '{options.CertificatePath}' expired on {leaf.ValidUntil:u}"));
            return null;
        }

        if (now < leaf.ValidFrom)
        {
            Report(setting, string.Create(CultureInfo.InvariantCulture, $"certificate '{leaf.Subject}' in '{options.CertificatePath}' is not valid before {leaf.ValidFrom:u}; it is {now:u} by this machine's clock"));
            return null;
        }

        if (authorities is null)
        {
            return null;
        }

        var verdict = new PeerVerifier(authorities, time).Verify(leaf, intermediates, KeyUsage.Client);
        if (verdict.Peer is null)
        {
            Report(setting, $"certificate in '{options.CertificatePath}' would be refused by every peer that trusts '{options.AuthorityPath}': {verdict.Explanation}");
        }

        return verdict.Peer;
    }

    private static void Dispose(X509Certificate2Collection? certificates)
    {
        foreach (var certificate in certificates ?? [])
        {
            certificate.Dispose();
        }
    }

    private void Report(string setting, string what) => _errors.Add($"{section}:{setting}: {what}");
}
