namespace HostAgent.Transport;

/// <summary>
/// Why a connection to a peer failed or ended: the <see cref="RpcFailure.Reason"/> of failures in the domain
/// <see cref="RpcFailure.ConnectionDomain"/>, which this side detects; the peer never sends them.
/// </summary>
public static class ConnectionReason
{
    /// <summary>Nothing listens at the address.</summary>
    public const string ConnectionRefused = "CONNECTION_REFUSED";

    /// <summary>The address did not answer in time.</summary>
    public const string ConnectTimeout = "CONNECT_TIMEOUT";

    /// <summary>The address's host name is not known.</summary>
    public const string NameNotResolved = "NAME_NOT_RESOLVED";

    /// <summary>There is no route to the address.</summary>
    public const string Unreachable = "UNREACHABLE";

    /// <summary>The connection existed and broke.</summary>
    public const string ConnectionLost = "CONNECTION_LOST";

    /// <summary>What answers at the address does not speak TLS with HTTP/2 as a peer does.</summary>
    public const string HandshakeFailed = "HANDSHAKE_FAILED";

    /// <summary>The peer does not accept our certificate.</summary>
    public const string OwnCertificateRefused = "OWN_CERTIFICATE_REFUSED";

    /// <summary>The peer presented no certificate.</summary>
    public const string NoCertificate = "NO_CERTIFICATE";

    /// <summary>The peer's certificate was not issued by our authority.</summary>
    public const string UntrustedAuthority = "UNTRUSTED_AUTHORITY";

    /// <summary>The peer's certificate, or its authority's, has expired.</summary>
    public const string CertificateExpired = "CERTIFICATE_EXPIRED";

    /// <summary>The peer's certificate is not valid yet.</summary>
    public const string CertificateNotYetValid = "CERTIFICATE_NOT_YET_VALID";

    /// <summary>The peer's certificate cannot be checked or is otherwise unsuitable.</summary>
    public const string CertificateInvalid = "CERTIFICATE_INVALID";

    /// <summary>A key or a signature in the chain of the peer's certificate is too weak.</summary>
    public const string WeakCertificate = "WEAK_CERTIFICATE";

    /// <summary>The deny list names the peer, its certificate or its key.</summary>
    public const string CertificateDenied = "CERTIFICATE_DENIED";

    /// <summary>The peer's certificate was not issued for this side of a connection.</summary>
    public const string WrongUsage = "WRONG_USAGE";

    /// <summary>The peer's certificate carries no identity.</summary>
    public const string NoIdentity = "NO_IDENTITY";

    /// <summary>The peer has another role than expected.</summary>
    public const string WrongRole = "WRONG_ROLE";

    /// <summary>The peer has another name than expected.</summary>
    public const string WrongName = "WRONG_NAME";
}
