namespace HostAgent.Coordinator.Dispatch;

internal sealed partial class OperationFollower
{
    [LoggerMessage(EventId = 3201, Level = LogLevel.Information, Message = "Operation {OperationId} on VM {VmId}, host {Host}, {Campaign}: refused ({Reason}): {Explanation}")]
    private partial void LogRefused(string operationId, string vmId, string host, string campaign, string reason, string explanation);

    [LoggerMessage(EventId = 3206, Level = LogLevel.Error, Message = "Operation {OperationId} on VM {VmId}, host {Host}, {Campaign}: the agent refuses this coordinator ({Reason}): {Explanation}")]
    private partial void LogFenced(string operationId, string vmId, string host, string campaign, string reason, string explanation);

    [LoggerMessage(EventId = 3202, Level = LogLevel.Error, Message = "Operation {OperationId} on VM {VmId}, host {Host}, {Campaign}: the agent does not know it: {Explanation}")]
    private partial void LogLost(string operationId, string vmId, string host, string campaign, string explanation);

    [LoggerMessage(EventId = 3203, Level = LogLevel.Information, Message = "Operation {OperationId} on VM {VmId}, host {Host}, {Campaign}: the stream broke and is opened again: {Explanation}")]
    private partial void LogBroken(string operationId, string vmId, string host, string campaign, string explanation);

    [LoggerMessage(EventId = 3204, Level = LogLevel.Warning, Message = "Operation {OperationId} on VM {VmId}, host {Host}, {Campaign}: cannot be watched, tried again in {Delay}: {Explanation}")]
    private partial void LogWaiting(string operationId, string vmId, string host, string campaign, TimeSpan delay, string explanation);

    [LoggerMessage(EventId = 3205, Level = LogLevel.Warning, Message = "Operation {OperationId} on VM {VmId}, host {Host}, {Campaign}: nobody can say whether the agent has got it: {Explanation}")]
    private partial void LogUndelivered(string operationId, string vmId, string host, string campaign, string explanation);
}
