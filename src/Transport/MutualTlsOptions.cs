namespace HostAgent.Transport;

/// <summary>Where a process finds its own certificate, its private key and the authority it trusts. All files are PEM.</summary>
public sealed class MutualTlsOptions
{
    /// <summary>
    /// The process's certificate, followed by intermediates if there are any. Required. Its subject alternative names carry the
    /// identity <c>failback://&lt;role&gt;/&lt;name&gt;</c>.
    /// </summary>
    public string? CertificatePath { get; set; }

    /// <summary>The private key of the certificate, unencrypted (PKCS#8, SEC1 or PKCS#1). Required. Readable by the service's account only.</summary>
    public string? PrivateKeyPath { get; set; }

    /// <summary>The certificate authority (or several) that issues every peer's certificate. Required. Nothing else is trusted, the system's own authorities included.</summary>
    public string? AuthorityPath { get; set; }

    /// <summary>
    /// The deny list, a text file with one entry per line: <c>serial:HEX</c>, <c>spki:SHA256HEX</c> or <c>uri:failback://role/name</c>, and comments
    /// after <c>#</c>. A peer that it names is refused, and its connections are ended within five seconds. Optional.
    /// </summary>
    public string? DeniedPath { get; set; }

    /// <summary>Whether TLS 1.2 is allowed beside TLS 1.3: for peers on Windows Server 2016 and 2019, which have nothing newer.</summary>
    /// <value>The default is false.</value>
    public bool AllowTls12 { get; set; }
}
