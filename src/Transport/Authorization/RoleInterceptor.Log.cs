using Microsoft.Extensions.Logging;

namespace HostAgent.Transport.Authorization;

internal sealed partial class RoleInterceptor
{
    [LoggerMessage(4002, LogLevel.Warning, "Refused {Peer} the call of {Method} ({Reason})")]
    private static partial void LogRefused(ILogger logger, string peer, string method, string reason);
}
