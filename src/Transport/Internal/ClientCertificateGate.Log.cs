using Microsoft.Extensions.Logging;

namespace HostAgent.Transport.Internal;

internal sealed partial class ClientCertificateGate
{
    [LoggerMessage(4001, LogLevel.Warning, "Refused the connection from {RemoteEndPoint} ({Reason}): {Explanation}")]
    private static partial void LogRefused(ILogger logger, string remoteEndPoint, string reason, string explanation);
}
