using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using HostAgent.Texts;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;

namespace HostAgent.Transport.Tls;

/// <summary>Judges the client certificate of every connection and leaves the peer's identity with the connection.</summary>
internal sealed partial class ClientCertificateGate(MutualTlsIdentity identity, SampledLog sampled, ILogger<ClientCertificateGate> log)
{
    private const int LongestExplanation = 1000;

    /// <summary>The terms of one handshake.</summary>
    public SslServerAuthenticationOptions Guard(BaseConnectionContext connection) => Guard(connection, identity.Current);

    // It may hold the subject of a certificate that no authority of ours issued.
    private static string Shown(string explanation)
        => VisibleText.Line(explanation.Length > LongestExplanation ? $"{explanation[..LongestExplanation]}…" : explanation);

    private SslServerAuthenticationOptions Guard(BaseConnectionContext connection, TlsCredentials credentials) => new()
    {
        ServerCertificateContext = credentials.Context,
        ClientCertificateRequired = true,
        EnabledSslProtocols = TlsTerms.Versions(identity.AllowsTls12),
        CipherSuitesPolicy = TlsTerms.Suites,
        CertificateChainPolicy = credentials.Verifier.CreateChainPolicy(KeyUsage.Client),
        // A resumed session would carry over a verdict that was reached at another time.
        AllowTlsResume = false,
        RemoteCertificateValidationCallback = (_, certificate, chain, _) => Accept(connection, identity.Judge(credentials, certificate as X509Certificate2, chain?.ChainPolicy.ExtraStore ?? [], KeyUsage.Client)),
    };

    private bool Accept(BaseConnectionContext connection, PeerVerdict verdict)
    {
        if (verdict.Proven is null)
        {
            var remote = connection.RemoteEndPoint?.ToString() ?? "an unknown address";
            var address = (connection.RemoteEndPoint as System.Net.IPEndPoint)?.Address.ToString() ?? remote;
            sampled.Write($"handshake|{address}|{verdict.Reason}", $"Refused the connection from {remote} ({verdict.Reason}): {Shown(verdict.Explanation)}", text => LogRefused(log, text));
            return false;
        }

        connection.Features.Set(verdict.Proven);
        connection.Features.Set(verdict.Peer);
        return true;
    }
}
