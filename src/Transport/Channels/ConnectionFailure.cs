using System.Globalization;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using HostAgent.Transport.Tls;

namespace HostAgent.Transport.Channels;

/// <summary>Turns what the sockets, TLS and HTTP/2 layers throw into one sentence with the address and the cause.</summary>
internal static class ConnectionFailure
{
    /// <summary>Explains why a request to <paramref name="address"/> got no answer.</summary>
    public static PeerConnectionException Explain(string address, Exception failure)
    {
        foreach (var cause in Causes.Of(failure))
        {
            switch (cause)
            {
                case PeerConnectionException known:
                    return known;
                case PeerRefusedException refused:
                    return Failed(refused.Reason, $"refused to talk to {address}: {refused.Message}");
                case SocketException socket:
                    return Failed(Reason(socket.SocketErrorCode), Describe(socket, address));
            }
        }

        if (Causes.Of(failure).Any(CertificateAlert.Is))
        {
            return Failed(ConnectionReason.OwnCertificateRefused, $"{address} refused our certificate: {Causes.Innermost(failure).Message}");
        }

        if (Causes.Of(failure).Any(cause => cause.Message.Contains("protocol version", StringComparison.OrdinalIgnoreCase)))
        {
            return Failed(ConnectionReason.HandshakeFailed, $"no TLS connection to {address}: the two sides have no TLS version in common; TLS 1.2 needs AllowTls12 on both");
        }

        if (Causes.Of(failure).Any(cause => cause is AuthenticationException or HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError }))
        {
            return Failed(ConnectionReason.HandshakeFailed, $"no TLS connection to {address}: {Causes.Innermost(failure).Message}");
        }

        return Causes.Of(failure).Any(cause => cause is HttpRequestException { HttpRequestError: HttpRequestError.VersionNegotiationError })
            ? Failed(ConnectionReason.HandshakeFailed, $"{address} does not speak HTTP/2 over TLS")
            : Failed(ConnectionReason.ConnectionLost, $"the connection to {address} ended before it answered: {Causes.Innermost(failure).Message}");

        PeerConnectionException Failed(string reason, string message) => new(address, reason, message, failure);
    }

    /// <summary>Explains why a peer ended the connection right after the handshake.</summary>
    public static PeerConnectionException OwnCertificateRefused(string address, X509Certificate2 own, Exception? cause) => new(
        address,
        ConnectionReason.OwnCertificateRefused,
        $"{address} closed the connection right after the TLS handshake; it probably refused our certificate '{own.Subject}', issued by '{own.Issuer}': "
            + "it trusts another authority, or considers the certificate expired or unsuitable; its log has the reason",
        cause);

    /// <summary>Explains why no connection was established in time.</summary>
    public static PeerConnectionException TimedOut(string address, TimeSpan waited, Exception cause) => new(
        address,
        ConnectionReason.ConnectTimeout,
        string.Create(CultureInfo.InvariantCulture, $"{address} did not answer within {waited.TotalSeconds:0.#} s"),
        cause);

    /// <summary>Explains why none of a peer's addresses was connected to. One that answered and was refused tells more than one where nothing listens.</summary>
    /// <param name="failures">One of each address; not empty.</param>
    public static PeerConnectionException OfAll(IReadOnlyList<PeerConnectionException> failures)
    {
        var telling = failures.FirstOrDefault(failure => failure.Reason != ConnectionReason.ConnectionRefused) ?? failures[0];
        return failures.Count == 1 ? telling : new PeerConnectionException(
            string.Join(',', failures.Select(failure => failure.Address)),
            telling.Reason,
            $"none of {failures.Count.ToString(CultureInfo.InvariantCulture)} addresses can be used: {string.Join("; ", failures.Select(failure => failure.Message))}",
            telling);
    }

    private static string Reason(SocketError error) => error switch
    {
        SocketError.ConnectionRefused => ConnectionReason.ConnectionRefused,
        SocketError.TimedOut => ConnectionReason.ConnectTimeout,
        SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain => ConnectionReason.NameNotResolved,
        SocketError.HostUnreachable or SocketError.NetworkUnreachable or SocketError.HostDown or SocketError.NetworkDown or SocketError.AddressNotAvailable => ConnectionReason.Unreachable,
        _ => ConnectionReason.ConnectionLost,
    };

    private static string Describe(SocketException socket, string address) => Reason(socket.SocketErrorCode) switch
    {
        ConnectionReason.ConnectionRefused => $"nothing listens at {address} (connection refused)",
        ConnectionReason.ConnectTimeout => $"{address} did not answer in time",
        ConnectionReason.NameNotResolved => $"the host name in {address} cannot be resolved",
        ConnectionReason.Unreachable => $"{address} cannot be reached: {socket.Message}",
        _ => $"the connection to {address} broke: {socket.Message}",
    };
}
