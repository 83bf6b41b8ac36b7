using System.Globalization;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Grpc.Core;

namespace HostAgent.Transport.Diagnosis;

/// <summary>Turns what the sockets, TLS and HTTP/2 layers throw into one sentence with the address and the cause.</summary>
internal static class ConnectionFailure
{
    /// <summary>Explains why a request to <paramref name="address"/> got no answer.</summary>
    public static PeerConnectionException Explain(string address, Exception failure)
    {
        foreach (var cause in Chain(failure))
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

        if (Chain(failure).Any(CertificateAlert.Is))
        {
            return Failed(ConnectionReason.OwnCertificateRefused, $"{address} refused our certificate: {Innermost(failure).Message}");
        }

        if (Chain(failure).Any(cause => cause.Message.Contains("protocol version", StringComparison.OrdinalIgnoreCase)))
        {
            return Failed(ConnectionReason.HandshakeFailed, $"no TLS connection to {address}: the two sides have no TLS version in common; TLS 1.2 needs AllowTls12 on both");
        }

        if (Chain(failure).Any(cause => cause is AuthenticationException or HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError }))
        {
            return Failed(ConnectionReason.HandshakeFailed, $"no TLS connection to {address}: {Innermost(failure).Message}");
        }

        return Chain(failure).Any(cause => cause is HttpRequestException { HttpRequestError: HttpRequestError.VersionNegotiationError })
            ? Failed(ConnectionReason.HandshakeFailed, $"{address} does not speak HTTP/2 over TLS")
            : Failed(ConnectionReason.ConnectionLost, $"the connection to {address} ended before it answered: {Innermost(failure).Message}");

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

    /// <summary>Explains a failed call; null when the connection was not the problem.</summary>
    public static RpcFailure? Explain(RpcException exception, string? address)
    {
        if (exception.StatusCode is not (StatusCode.Unavailable or StatusCode.Internal or StatusCode.Unknown) || exception.Status.DebugException is not { } beneath)
        {
            return null;
        }

        if (Chain(beneath).OfType<PeerConnectionException>().FirstOrDefault() is { } known)
        {
            return Create(known.Reason, known.Message, known.Address);
        }

        return Chain(beneath).Any(cause => cause is IOException or SocketException)
            ? Create(ConnectionReason.ConnectionLost, $"the connection to {address ?? "the peer"} was lost: {Innermost(beneath).Message}", address)
            : null;

        RpcFailure Create(string reason, string message, string? peer) => new(StatusCode.Unavailable, reason, message, exception)
        {
            Domain = RpcFailure.ConnectionDomain,
            Metadata = peer is null ? [] : new Dictionary<string, string>(StringComparer.Ordinal) { ["address"] = peer },
        };
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

    private static Exception Innermost(Exception failure) => Chain(failure).Last();

    private static IEnumerable<Exception> Chain(Exception? failure)
    {
        for (; failure is not null; failure = failure.InnerException)
        {
            yield return failure;
        }
    }
}

/// <summary>
/// No connection to a peer, explained. An <see cref="IOException"/>, because that is what the gRPC client reports as UNAVAILABLE;
/// the RpcException carries it to <see cref="RpcFailure.From"/>.
/// </summary>
internal sealed class PeerConnectionException(string address, string reason, string message, Exception? cause) : IOException(message, cause)
{
    public string Address { get; } = address;

    public string Reason { get; } = reason;
}

/// <summary>We refuse the server's certificate. Thrown inside the handshake, so that the reason is not lost on the way out.</summary>
internal sealed class PeerRefusedException(string reason, string explanation) : AuthenticationException(explanation)
{
    public string Reason { get; } = reason;
}
