using Microsoft.Extensions.Logging;

namespace HostAgent.Transport.Errors;

internal sealed partial class ExceptionMapper
{
    [LoggerMessage(4003, LogLevel.Error, "Incident {IncidentId}: {Method} called by {Peer} failed unexpectedly")]
    private static partial void LogIncident(ILogger logger, Exception exception, string incidentId, string method, string peer);

    [LoggerMessage(4004, LogLevel.Information, "{Method} called by {Peer} failed after its caller had left")]
    private static partial void LogAfterCallerLeft(ILogger logger, Exception exception, string method, string peer);
}
