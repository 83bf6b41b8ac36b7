using Microsoft.Extensions.Logging;

namespace HostAgent.Transport.Authorization;

internal sealed partial class RefusedCalls
{
    [LoggerMessage(4002, LogLevel.Warning, "{Text}")]
    private static partial void LogRefused(ILogger logger, string text);
}
