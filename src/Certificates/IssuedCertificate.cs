using HostAgent.Texts;
using HostAgent.Transport;

namespace HostAgent.Certificates;

/// <summary>A peer's new certificate with its private key.</summary>
/// <param name="Uri">Whose it is, <c>failback://&lt;role&gt;/&lt;name&gt;</c>.</param>
/// <param name="CertificatePem">The certificate.</param>
/// <param name="PrivateKeyPem">The private key, PKCS#8.</param>
/// <param name="AuthorityPem">The authority that issued it.</param>
public sealed record IssuedCertificate(string Uri, string CertificatePem, string PrivateKeyPem, string AuthorityPem)
{
    /// <summary>
    /// Writes <c>&lt;role&gt;-&lt;name&gt;.pem</c>, <c>&lt;role&gt;-&lt;name&gt;-key.pem</c> and <c>ca.pem</c> into a directory, made when
    /// missing. The key is for the owner only (mode 0600; on Windows the directory's inherited access list applies).
    /// </summary>
    /// <returns>The paths, as a process is configured with them.</returns>
    public MutualTlsOptions WriteTo(string directory)
    {
        Directory.CreateDirectory(directory);
        var options = PathsIn(directory, Uri);
        PemFile.Write(options.PrivateKeyPath!, PrivateKeyPem, secret: true);
        PemFile.Write(options.CertificatePath!, CertificatePem, secret: false);
        PemFile.Write(options.AuthorityPath!, AuthorityPem, secret: false);
        return options;
    }

    /// <summary>Where <see cref="WriteTo"/> writes.</summary>
    /// <param name="directory">The directory.</param>
    /// <param name="uri">Whose files, <c>failback://&lt;role&gt;/&lt;name&gt;</c>.</param>
    public static MutualTlsOptions PathsIn(string directory, string uri)
    {
        ArgumentNullException.ThrowIfNull(uri);
        var baseName = uri[(PeerIdentity.UriScheme.Length + "://".Length)..].Replace('/', '-');
        return new MutualTlsOptions
        {
            CertificatePath = Path.Combine(directory, $"{baseName}.pem"),
            PrivateKeyPath = Path.Combine(directory, $"{baseName}-key.pem"),
            AuthorityPath = Path.Combine(directory, "ca.pem"),
        };
    }

    /// <summary>Names the peer and never the key.</summary>
    public override string ToString() => $"certificate of {Uri}";
}

/// <summary>Writes PEM files so that a key is never readable by others, not even for a moment, and no reader sees half a file.</summary>
internal static class PemFile
{
    /// <param name="path">Where; an existing file is replaced.</param>
    /// <param name="pem">The text.</param>
    /// <param name="secret">Owner only (mode 0600). On Windows the access list inherited from the directory applies instead.</param>
    public static void Write(string path, string pem, bool secret)
        => OutputFile.Write(path, secret ? "the private key" : "the certificate", pem + Environment.NewLine, secret ? OutputFileOptions.Secret : OutputFileOptions.Public);
}
