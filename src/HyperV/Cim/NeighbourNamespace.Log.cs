using Microsoft.Extensions.Logging;

namespace HostAgent.HyperV.Cim;

/// <content>What the log is told.</content>
internal sealed partial class NeighbourNamespace
{
    [LoggerMessage(1001, LogLevel.Warning, "The namespace {Namespace} does not tell what it is asked; the readiness checks that look at it pass until it does")]
    private partial void LogSilent(string @namespace, Exception exception);

    [LoggerMessage(1002, LogLevel.Information, "The namespace {Namespace} tells again what it is asked")]
    private partial void LogHeard(string @namespace);
}
