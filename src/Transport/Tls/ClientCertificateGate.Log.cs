using Microsoft.Extensions.Logging;

namespace HostAgent.Transport.Tls;

internal sealed partial class ClientCertificateGate
{
    [LoggerMessage(4001, LogLevel.Warning, "{Text}")]
    private static partial void LogRefused(ILogger logger, string text);
}
