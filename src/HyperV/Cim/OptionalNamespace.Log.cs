using Microsoft.Extensions.Logging;

namespace HostAgent.HyperV.Cim;

/// <content>Log messages.</content>
internal sealed partial class OptionalNamespace
{
    [LoggerMessage(1001, LogLevel.Warning, "WMI namespace {Namespace} is not answering; readiness checks that depend on it pass until it does")]
    private partial void LogSilent(string @namespace, Exception exception);

    [LoggerMessage(1002, LogLevel.Information, "WMI namespace {Namespace} is answering again")]
    private partial void LogHeard(string @namespace);
}
