namespace HostAgent.Coordinator.Dispatch;

internal sealed partial class OperationFollower
{
    [LoggerMessage(EventId = 3201, Level = LogLevel.Information, Message = "Operation {OperationId} on VM {VmId}, host {Host}, {Campaign}: refused ({Reason}): {Explanation}")]
    private partial void LogRefused(string operationId, string vmId, string host, string campaign, string reason, string explanation);

    [LoggerMessage(EventId = 3206, Level = LogLevel.Error, Message = "Operation {OperationId} on VM {VmId}, host {Host}, {Campaign}: the agent rejects this coordinator ({Reason}): {Explanation}")]
    private partial void LogFenced(string operationId, string vmId, string host, string campaign, string reason, string explanation);

    [LoggerMessage(EventId = 3202, Level = LogLevel.Error, Message = "Operation {OperationId} on VM {VmId}, host {Host}, {Campaign}: unknown to the agent: {Explanation}")]
    private partial void LogLost(string operationId, string vmId, string host, string campaign, string explanation);

    [LoggerMessage(EventId = 3203, Level = LogLevel.Information, Message = "Operation {OperationId} on VM {VmId}, host {Host}, {Campaign}: progress stream lost, reopening: {Explanation}")]
    private partial void LogBroken(string operationId, string vmId, string host, string campaign, string explanation);

    [LoggerMessage(EventId = 3204, Level = LogLevel.Warning, Message = "Operation {OperationId} on VM {VmId}, host {Host}, {Campaign}: watch failed, retrying in {Delay}: {Explanation}")]
    private partial void LogWaiting(string operationId, string vmId, string host, string campaign, TimeSpan delay, string explanation);

    [LoggerMessage(EventId = 3205, Level = LogLevel.Warning, Message = "Operation {OperationId} on VM {VmId}, host {Host}, {Campaign}: delivery unknown, the agent may have received the call: {Explanation}")]
    private partial void LogUndelivered(string operationId, string vmId, string host, string campaign, string explanation);
}
