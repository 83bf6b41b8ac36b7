using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace HostAgent.Transport.Internal;

/// <summary>Judges the server at the other end of a channel: our authority, the expected role, the expected name.</summary>
internal sealed class ServerCertificateGate(MutualTlsIdentity identity, PeerRole expectedRole, string? expectedName)
{
    public SslClientAuthenticationOptions CreateSslOptions() => new()
    {
        ClientCertificateContext = identity.CertificateContext,
        EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        CertificateChainPolicy = identity.Verifier.CreateChainPolicy(KeyUsage.Server),
        // A resumed session would carry over a verdict that was reached at another time.
        AllowTlsResume = false,
        RemoteCertificateValidationCallback = (_, certificate, chain, errors) =>
            Accept(certificate as X509Certificate2, chain?.ChainPolicy.ExtraStore ?? [], errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch)),
    };

    private bool Accept(X509Certificate2? certificate, X509Certificate2Collection intermediates, bool addressNotCovered)
    {
        var verdict = identity.Verifier.Verify(certificate, intermediates, KeyUsage.Server);
        if (verdict.Peer is not { } peer)
        {
            throw new PeerRefusedException(verdict.Reason, verdict.Explanation);
        }

        if (peer.Role != expectedRole)
        {
            throw new PeerRefusedException(ConnectionReason.WrongRole, $"it is {peer.Uri}, expected was the role {expectedRole.ToString().ToLowerInvariant()}");
        }

        if (expectedName is not null && !peer.IsNamed(expectedName))
        {
            throw new PeerRefusedException(ConnectionReason.WrongName, $"it is {peer.Uri}, expected was the name '{expectedName}'");
        }

        if (expectedName is null && addressNotCovered)
        {
            throw new PeerRefusedException(ConnectionReason.WrongName, $"it is {peer.Uri} and its certificate was not issued for this address (no such DNS name or IP address among its subject alternative names)");
        }

        return true;
    }
}
