using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using HostAgent.Transport.Tls;

namespace HostAgent.Transport.Tests.Fixtures;

/// <summary>Certificates as no command of ours makes them: by an authority below a root, with weak keys, with weak signatures.</summary>
internal sealed class HandMade : IDisposable
{
    private readonly X509SignatureGenerator _signature;
    private readonly AsymmetricAlgorithm _key;

    private HandMade(X509Certificate2 certificate, AsymmetricAlgorithm key)
    {
        Certificate = certificate;
        _key = key;
        _signature = Generator(key);
    }

    public X509Certificate2 Certificate { get; }

    public string KeyPem => _key.ExportPkcs8PrivateKeyPem();

    public static HandMade Root(string name, AsymmetricAlgorithm? key = null)
    {
        var own = key ?? ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new HandMade(Sign(Request(name, own, isAuthority: true), name, Generator(own)), own);
    }

    public HandMade Authority(string name, AsymmetricAlgorithm? key = null, TimeSpan? lifetime = null, int? pathLength = null, string? usage = null)
    {
        var own = key ?? ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = Request(name, own, isAuthority: true, pathLength);
        if (usage is not null)
        {
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(usage)], critical: false));
        }

        return new HandMade(Sign(request, Certificate.Subject[3..], _signature, lifetime), own);
    }

    public HandMade Peer(string uri, AsymmetricAlgorithm? key = null, Func<RSA, X509SignatureGenerator>? signature = null)
    {
        var own = key ?? ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = Request("peer", own, isAuthority: false);
        var names = new SubjectAlternativeNameBuilder();
        names.AddUri(new Uri(uri));
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(KeyUsage.Client), new Oid(KeyUsage.Server)], critical: false));
        return new HandMade(Sign(request, Certificate.Subject[3..], signature?.Invoke((RSA)_key) ?? _signature), own);
    }

    public void Dispose()
    {
        Certificate.Dispose();
        _key.Dispose();
    }

    private static X509SignatureGenerator Generator(AsymmetricAlgorithm key)
        => key is RSA rsa ? X509SignatureGenerator.CreateForRSA(rsa, RSASignaturePadding.Pkcs1) : X509SignatureGenerator.CreateForECDsa((ECDsa)key);

    private static CertificateRequest Request(string name, AsymmetricAlgorithm key, bool isAuthority, int? pathLength = null)
    {
        var publicKey = key is RSA rsa ? new PublicKey(rsa) : new PublicKey((ECDsa)key);
        var request = new CertificateRequest(new X500DistinguishedName($"CN={name}"), publicKey, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(isAuthority, pathLength is not null, pathLength ?? 0, critical: true));
        return request;
    }

    private static X509Certificate2 Sign(CertificateRequest request, string issuer, X509SignatureGenerator signature, TimeSpan? lifetime = null)
        => request.Create(new X500DistinguishedName($"CN={issuer}"), signature, Pki.Start.AddMinutes(-5), Pki.Start + (lifetime ?? TimeSpan.FromDays(2)), [0x11, .. RandomNumberGenerator.GetBytes(8)]);
}

/// <summary>Signs as old authorities did, which the base library does not do by itself.</summary>
internal sealed class Sha1Signature(RSA key, bool pss) : X509SignatureGenerator
{
    public override byte[] GetSignatureAlgorithmIdentifier(HashAlgorithmName hashAlgorithm) => pss
        // Without parameters, which stands for SHA-1 (RFC 4055, section 3.1).
        ? Convert.FromHexString("300D06092A864886F70D01010A3000")
        : Convert.FromHexString("300D06092A864886F70D0101050500");

    public override byte[] SignData(byte[] data, HashAlgorithmName hashAlgorithm)
        => key.SignData(data, HashAlgorithmName.SHA1, pss ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1);

    protected override PublicKey BuildPublicKey() => new(key);
}
