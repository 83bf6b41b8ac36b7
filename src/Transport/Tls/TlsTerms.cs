using System.Net.Security;
using System.Security.Authentication;

namespace HostAgent.Transport.Tls;

/// <summary>Which versions and cipher suites of TLS are spoken.</summary>
internal static class TlsTerms
{
    /// <summary>Whether this system has TLS 1.3 at all: Schannel has it from Windows Server 2022 and Windows 11 on.</summary>
    public static bool SystemHasTls13 => !OperatingSystem.IsWindows() || OperatingSystem.IsWindowsVersionAtLeast(10, 0, 20348);

    /// <summary>The suites, where the system lets a program choose them. Elsewhere the administrator's choice holds.</summary>
    public static CipherSuitesPolicy? Suites { get; } = OperatingSystem.IsLinux()
        ? new CipherSuitesPolicy(
        [
            TlsCipherSuite.TLS_AES_256_GCM_SHA384,
            TlsCipherSuite.TLS_CHACHA20_POLY1305_SHA256,
            TlsCipherSuite.TLS_AES_128_GCM_SHA256,
            // For TLS 1.2, where it is allowed: authenticated encryption and forward secrecy only.
            TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
            TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
            TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
            TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
        ])
        : null;

    public static SslProtocols Versions(bool allowTls12) => allowTls12 ? SslProtocols.Tls12 | SslProtocols.Tls13 : SslProtocols.Tls13;
}
