using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using HostAgent.Transport;
using HostAgent.Transport.Tls;

namespace HostAgent.Certificates;

/// <summary>
/// A small certificate authority of our own: issues the short-lived certificates by which peers know each other. ECDSA P-256.
/// </summary>
public sealed class CertificateAuthority : IDisposable
{
    /// <summary>How long an authority is valid by default.</summary>
    public static readonly TimeSpan DefaultLifetime = TimeSpan.FromDays(3650);

    // Machines whose clocks are a little behind must accept a fresh certificate.
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(5);

    private readonly X509Certificate2 _certificate;
    private readonly TimeProvider _time;

    private CertificateAuthority(X509Certificate2 certificate, TimeProvider time)
    {
        _certificate = certificate;
        _time = time;
    }

    /// <summary>The authority's certificate as PEM: what every peer trusts.</summary>
    public string CertificatePem => _certificate.ExportCertificatePem();

    /// <summary>When the authority ends; nothing that it issues is valid for longer.</summary>
    public DateTimeOffset ValidUntil => _certificate.ValidUntil;

    /// <summary>Makes a new authority with a new key.</summary>
    /// <param name="name">Its common name, 1 to 64 characters.</param>
    /// <param name="time">The clock from which validity periods count.</param>
    /// <param name="lifetime">How long it is valid; <see cref="DefaultLifetime"/> when null.</param>
    public static CertificateAuthority Create(string name, TimeProvider time, TimeSpan? lifetime = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(time);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(DistinguishedName.Create(name), key, HashAlgorithmName.SHA256);
        // Path length 0: it issues peers, no further authorities.
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: true, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        var now = time.GetUtcNow();
        return new CertificateAuthority(request.CreateSelfSigned(now - ClockSkew, now + (lifetime ?? DefaultLifetime)), time);
    }

    /// <summary>Loads an existing authority.</summary>
    /// <param name="certificatePath">Its certificate, PEM.</param>
    /// <param name="privateKeyPath">Its private key, unencrypted PEM.</param>
    /// <param name="time">The clock from which validity periods count.</param>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="CryptographicException">The files hold no certificate authority with its key; the message names them.</exception>
    public static CertificateAuthority Load(string certificatePath, string privateKeyPath, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        // Checked here, because the runtime reports an encrypted key only as no key.
        if (File.ReadAllText(privateKeyPath).Contains("ENCRYPTED", StringComparison.Ordinal))
        {
            throw new CryptographicException($"'{privateKeyPath}' is encrypted; an unencrypted PEM key is needed (openssl pkey -in '{privateKeyPath}' -out PLAIN.pem)");
        }

        X509Certificate2 certificate;
        try
        {
            certificate = X509Certificate2.CreateFromPemFile(certificatePath, privateKeyPath);
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            throw new CryptographicException($"'{certificatePath}' and '{privateKeyPath}' do not hold a PEM certificate and its private key: {exception.Message}", exception);
        }

        if (certificate.Extensions.OfType<X509BasicConstraintsExtension>().Any(constraints => constraints.CertificateAuthority))
        {
            return new CertificateAuthority(certificate, time);
        }

        var subject = certificate.Subject;
        certificate.Dispose();
        throw new CryptographicException($"'{certificatePath}' ('{subject}') is not a certificate authority");
    }

    /// <summary>Makes a key and a certificate for a peer.</summary>
    /// <param name="role">Its role. Agents and coordinators may serve and call, operators and viewers only call.</param>
    /// <param name="name">Its name; for an agent the name of its host.</param>
    /// <param name="lifetime">How long it is valid from now; at most as long as the authority.</param>
    /// <param name="dnsNames">The DNS names at which it is reached.</param>
    /// <param name="ipAddresses">The IP addresses at which it is reached.</param>
    /// <exception cref="ArgumentException">The name is not valid, or the lifetime is not positive or outlives the authority.</exception>
    public IssuedCertificate Issue(PeerRole role, string name, TimeSpan lifetime, IEnumerable<string>? dnsNames = null, IEnumerable<IPAddress>? ipAddresses = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var certificatePem = Sign(new PublicKey(key), role, name, lifetime, dnsNames, ipAddresses);
        return new IssuedCertificate(PeerIdentity.Format(role, name), certificatePem, key.ExportPkcs8PrivateKeyPem(), CertificatePem);
    }

    /// <summary>
    /// Signs a request (PKCS#10) made where the private key lives and stays. Only the public key is taken from it: what the peer
    /// is, is said here and not by the peer.
    /// </summary>
    /// <param name="certificateRequestPem">The request, PEM.</param>
    /// <param name="role">As for <see cref="Issue"/>.</param>
    /// <param name="name">As for <see cref="Issue"/>.</param>
    /// <param name="lifetime">As for <see cref="Issue"/>.</param>
    /// <param name="dnsNames">As for <see cref="Issue"/>.</param>
    /// <param name="ipAddresses">As for <see cref="Issue"/>.</param>
    /// <returns>The certificate, PEM.</returns>
    /// <exception cref="CryptographicException">The request is malformed, is not signed by its own key, or its key is too weak.</exception>
    /// <exception cref="ArgumentException">As for <see cref="Issue"/>.</exception>
    public string Sign(string certificateRequestPem, PeerRole role, string name, TimeSpan lifetime, IEnumerable<string>? dnsNames = null, IEnumerable<IPAddress>? ipAddresses = null)
    {
        CertificateRequest request;
        try
        {
            request = CertificateRequest.LoadSigningRequestPem(certificateRequestPem, HashAlgorithmName.SHA256, CertificateRequestLoadOptions.Default, RSASignaturePadding.Pkcs1);
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            throw new CryptographicException($"the certificate request for {PeerIdentity.Format(role, name)} cannot be used: {exception.Message}", exception);
        }

        CertificateStrength.Demand(request.PublicKey);
        return Sign(request.PublicKey, role, name, lifetime, dnsNames, ipAddresses);
    }

    /// <summary>Writes <c>ca.pem</c> and <c>ca-key.pem</c> into a directory; the key is for the owner only (mode 0600; on Windows the directory's inherited access list applies).</summary>
    /// <returns>The paths of certificate and key.</returns>
    public (string CertificatePath, string PrivateKeyPath) WriteTo(string directory)
    {
        Directory.CreateDirectory(directory);
        using var key = _certificate.GetECDsaPrivateKey() as AsymmetricAlgorithm ?? _certificate.GetRSAPrivateKey();
        var (certificatePath, keyPath) = (Path.Combine(directory, "ca.pem"), Path.Combine(directory, "ca-key.pem"));
        PemFile.Write(keyPath, key!.ExportPkcs8PrivateKeyPem(), secret: true);
        PemFile.Write(certificatePath, CertificatePem, secret: false);
        return (certificatePath, keyPath);
    }

    /// <summary>Releases the authority's key.</summary>
    public void Dispose() => _certificate.Dispose();

    private string Sign(PublicKey publicKey, PeerRole role, string name, TimeSpan lifetime, IEnumerable<string>? dnsNames, IEnumerable<IPAddress>? ipAddresses)
    {
        var uri = PeerIdentity.Format(role, name);
        var now = _time.GetUtcNow();
        if (lifetime <= TimeSpan.Zero || now + lifetime > _certificate.ValidUntil)
        {
            throw new ArgumentOutOfRangeException(nameof(lifetime), lifetime, $"the lifetime of {uri} must be positive and end before the authority does, on {_certificate.ValidUntil:u}");
        }

        var request = new CertificateRequest(DistinguishedName.Create(name, role.ToName()), publicKey, HashAlgorithmName.SHA256);
        foreach (var extension in LeafExtensions.Create(role, uri, publicKey, _certificate, dnsNames ?? [], ipAddresses ?? []))
        {
            request.CertificateExtensions.Add(extension);
        }

        var notBefore = now - ClockSkew < _certificate.ValidFrom ? _certificate.ValidFrom : now - ClockSkew;
        // 127 random bits: unique without a register, positive as RFC 5280 wants it.
        var serial = RandomNumberGenerator.GetBytes(16);
        serial[0] &= 0x7F;
        using var certificate = IssuerSignature.Create(_certificate) is { } signature
            ? request.Create(_certificate.SubjectName, signature, notBefore, now + lifetime, serial)
            : throw new CryptographicException($"the authority '{_certificate.Subject}' has no usable private key");
        return certificate.ExportCertificatePem();
    }
}
