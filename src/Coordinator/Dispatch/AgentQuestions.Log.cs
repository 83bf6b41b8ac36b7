namespace HostAgent.Coordinator.Dispatch;

internal sealed partial class AgentQuestions
{
    [LoggerMessage(EventId = 3221, Level = LogLevel.Information, Message = "Operation {OperationId} of item {Item}, host {Host}, {Campaign}: cancellation requested: {Explanation}")]
    private partial void LogCancelled(string operationId, string item, string host, string campaign, string explanation);

    [LoggerMessage(EventId = 3222, Level = LogLevel.Warning, Message = "Operation {OperationId} of item {Item}, host {Host}, {Campaign}: not cancelled ({Reason}): {Explanation}")]
    private partial void LogNotCancelled(string operationId, string item, string host, string campaign, string reason, string explanation);

    [LoggerMessage(EventId = 3223, Level = LogLevel.Warning, Message = "Item {Item}, host {Host}: call to the agent failed, retrying in {Delay}: {Explanation}")]
    private partial void LogWaiting(string item, string host, TimeSpan delay, string explanation);
}
