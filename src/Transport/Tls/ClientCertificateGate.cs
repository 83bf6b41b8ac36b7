using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using HostAgent.Texts;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;

namespace HostAgent.Transport.Tls;

/// <summary>Judges the client certificate of every connection and leaves the peer's identity with the connection.</summary>
/// <param name="identity">Who the server is.</param>
/// <param name="keepsCertificates">Whether the certificates stay with the connection too, to be shown to another server.</param>
/// <param name="sampled">Where refusals go.</param>
/// <param name="log">Receives them.</param>
internal sealed partial class ClientCertificateGate(MutualTlsIdentity identity, bool keepsCertificates, SampledLog sampled, ILogger<ClientCertificateGate> log)
{
    /// <summary>How much is shown of what may hold the subject of a stranger's certificate.</summary>
    public const int LongestExplanation = 1000;

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
        RemoteCertificateValidationCallback = (_, certificate, chain, _) => Accept(connection, credentials, certificate as X509Certificate2, chain?.ChainPolicy.ExtraStore ?? []),
    };

    private bool Accept(BaseConnectionContext connection, TlsCredentials credentials, X509Certificate2? certificate, X509Certificate2Collection others)
    {
        var verdict = identity.Judge(credentials, certificate, others, KeyUsage.Client);
        if (verdict.Proven is null)
        {
            var remote = connection.RemoteEndPoint?.ToString() ?? "an unknown address";
            var address = (connection.RemoteEndPoint as System.Net.IPEndPoint)?.Address.ToString() ?? remote;
            sampled.Write($"handshake|{address}|{verdict.Reason}", $"Refused the connection from {remote} ({verdict.Reason}): {Shown(verdict.Explanation)}", text => LogRefused(log, text));
            return false;
        }

        connection.Features.Set(verdict.Proven);
        connection.Features.Set(verdict.Peer);
        if (keepsCertificates)
        {
            connection.Features.Set(PresentedCertificates.Of(certificate!, others, credentials.Authorities));
        }

        return true;
    }
}
