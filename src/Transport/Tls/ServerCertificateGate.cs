using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace HostAgent.Transport.Tls;

/// <summary>
/// Opens TLS to a server and judges it: our authority, the expected role, the expected name. Done for each connection by itself
/// rather than by the HTTP client, whose terms are fixed for the life of a channel: a renewed certificate must be shown to the next server.
/// </summary>
/// <param name="identity">Who we are.</param>
/// <param name="expectedRole">The role that the server must have.</param>
/// <param name="expectedName">The name that it must have; null when its certificate must list the address.</param>
/// <param name="protocols">What may be spoken over the connection, empty to leave it to the server; HTTP/2 when it is not given.</param>
internal sealed class ServerCertificateGate(MutualTlsIdentity identity, PeerRole expectedRole, string? expectedName, List<SslApplicationProtocol>? protocols = null)
{
    /// <summary>Performs the handshake over an open connection.</summary>
    /// <param name="connection">The connection; closed when the handshake fails.</param>
    /// <param name="host">The host of the address, a DNS name or an IP address.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    public async Task<SslStream> OpenAsync(Stream connection, string host, CancellationToken cancellationToken)
    {
        var credentials = identity.Current;
        ProvenPeer? proven = null;
        var secured = new TrackedTlsStream(connection);
        try
        {
            await secured.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = host,
                    ApplicationProtocols = protocols ?? [SslApplicationProtocol.Http2],
                    ClientCertificateContext = credentials.Context,
                    EnabledSslProtocols = TlsTerms.Versions(identity.AllowsTls12),
                    CipherSuitesPolicy = TlsTerms.Suites,
                    CertificateChainPolicy = credentials.Verifier.CreateChainPolicy(KeyUsage.Server),
                    // A resumed session would carry over a verdict that was reached at another time.
                    AllowTlsResume = false,
                    RemoteCertificateValidationCallback = (_, certificate, chain, _) => (proven = Accept(
                        identity.Judge(credentials, certificate as X509Certificate2, chain?.ChainPolicy.ExtraStore ?? [], KeyUsage.Server),
                        certificate as X509Certificate2,
                        host)) is not null,
                },
                cancellationToken).ConfigureAwait(false);
            secured.Track(identity.Connections, proven!, host, identity.Time.GetUtcNow());
            return secured;
        }
        catch
        {
            await secured.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private ProvenPeer Accept(PeerVerdict verdict, X509Certificate2? certificate, string host)
    {
        if (verdict is not { Proven: not null, Peer: { } peer })
        {
            throw new PeerRefusedException(verdict.Reason, verdict.Explanation);
        }

        if (peer.Role != expectedRole)
        {
            throw new PeerRefusedException(ConnectionReason.WrongRole, $"it is {peer.Uri}, expected role {expectedRole.ToName()}");
        }

        if (expectedName is not null && !peer.IsNamed(expectedName))
        {
            throw new PeerRefusedException(ConnectionReason.WrongName, $"it is {peer.Uri}, expected name '{expectedName}'");
        }

        // By the alternative names only: the common name is for people, and certificates of old used to hide addresses in it.
        if (expectedName is null && !certificate!.MatchesHostname(host, allowWildcards: true, allowCommonName: false))
        {
            throw new PeerRefusedException(ConnectionReason.WrongName, $"it is {peer.Uri} and its certificate was not issued for this address (no such DNS name or IP address among its subject alternative names)");
        }

        return verdict.Proven;
    }
}

/// <summary>We refuse the server's certificate. Thrown inside the handshake, so that the reason is not lost on the way out.</summary>
internal sealed class PeerRefusedException(string reason, string explanation) : AuthenticationException(explanation)
{
    public string Reason { get; } = reason;
}
