using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using HostAgent.Transport.Internal.Credentials;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;

namespace HostAgent.Transport.Internal;

/// <summary>Judges the client certificate of every connection and leaves the peer's identity with the connection.</summary>
internal sealed partial class ClientCertificateGate(MutualTlsIdentity identity, ILogger<ClientCertificateGate> log)
{
    /// <summary>The terms of one handshake.</summary>
    public SslServerAuthenticationOptions Guard(BaseConnectionContext connection) => Guard(connection, identity.Current);

    private SslServerAuthenticationOptions Guard(BaseConnectionContext connection, TlsCredentials credentials) => new()
    {
        ServerCertificateContext = credentials.Context,
        ClientCertificateRequired = true,
        EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        CertificateChainPolicy = credentials.Verifier.CreateChainPolicy(KeyUsage.Client),
        // A resumed session would carry over a verdict that was reached at another time.
        AllowTlsResume = false,
        RemoteCertificateValidationCallback = (_, certificate, chain, _) => Accept(connection, credentials.Verifier.Verify(certificate as X509Certificate2, chain?.ChainPolicy.ExtraStore ?? [], KeyUsage.Client)),
    };

    private bool Accept(BaseConnectionContext connection, PeerVerdict verdict)
    {
        if (verdict.Peer is null)
        {
            LogRefused(log, connection.RemoteEndPoint?.ToString() ?? "an unknown address", verdict.Reason, verdict.Explanation);
            return false;
        }

        connection.Features.Set(verdict.Peer);
        return true;
    }
}
