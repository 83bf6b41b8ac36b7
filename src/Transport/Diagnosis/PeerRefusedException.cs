using System.Security.Authentication;

namespace HostAgent.Transport.Diagnosis;

/// <summary>We refuse the server's certificate. Thrown inside the handshake, so that the reason is not lost on the way out.</summary>
internal sealed class PeerRefusedException(string reason, string explanation) : AuthenticationException(explanation)
{
    public string Reason { get; } = reason;
}
