using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;

namespace HostAgent.Transport.Internal;

/// <summary>Judges the client certificate of every connection and leaves the peer's identity with the connection.</summary>
internal sealed partial class ClientCertificateGate(MutualTlsIdentity identity, ILogger<ClientCertificateGate> log)
{
    /// <summary>Prepares one handshake.</summary>
    public void Guard(ConnectionContext connection, SslServerAuthenticationOptions ssl)
    {
        ssl.ServerCertificateContext = identity.CertificateContext;
        ssl.CertificateChainPolicy = identity.Verifier.CreateChainPolicy(KeyUsage.Client);
        // A resumed session would carry over a verdict that was reached at another time.
        ssl.AllowTlsResume = false;
        ssl.RemoteCertificateValidationCallback = (_, certificate, chain, _) =>
        {
            var verdict = identity.Verifier.Verify(certificate as X509Certificate2, chain?.ChainPolicy.ExtraStore ?? [], KeyUsage.Client);
            if (verdict.Peer is null)
            {
                LogRefused(log, connection.RemoteEndPoint?.ToString() ?? "an unknown address", verdict.Reason, verdict.Explanation);
                return false;
            }

            connection.Features.Set(verdict.Peer);
            return true;
        };
    }
}
