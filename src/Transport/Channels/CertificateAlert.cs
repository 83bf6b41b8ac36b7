using System.ComponentModel;

namespace HostAgent.Transport.Channels;

/// <summary>
/// Recognises the peer's TLS alert against our certificate when it arrives during the handshake (TLS 1.2), as an error of the
/// TLS library beneath.
/// </summary>
internal static class CertificateAlert
{
    // RFC 8446, section 6: bad_certificate, unsupported_, _revoked, _expired, _unknown, unknown_ca, access_denied, certificate_required
    // as OpenSSL words them.
    private static readonly string[] OpenSslAlerts =
    [
        "alert bad certificate", "alert unsupported certificate", "alert certificate revoked", "alert certificate expired",
        "alert certificate unknown", "alert unknown ca", "alert access denied", "alert certificate required", "alert handshake failure",
    ];

    // SEC_E_CERT_UNKNOWN, SEC_E_CERT_EXPIRED, SEC_E_UNTRUSTED_ROOT, CRYPT_E_REVOKED, CERT_E_UNTRUSTEDROOT, SEC_E_CERT_WRONG_USAGE (winerror.h).
    private static readonly int[] SchannelErrors =
    [
        unchecked((int)0x80090327), unchecked((int)0x80090328), unchecked((int)0x80090325), unchecked((int)0x80092010), unchecked((int)0x800B0109), unchecked((int)0x80090349),
    ];

    public static bool Is(Exception cause)
        => (cause is Win32Exception native && Array.IndexOf(SchannelErrors, native.NativeErrorCode) >= 0)
        || Array.Exists(OpenSslAlerts, alert => cause.Message.Contains(alert, StringComparison.OrdinalIgnoreCase));
}
