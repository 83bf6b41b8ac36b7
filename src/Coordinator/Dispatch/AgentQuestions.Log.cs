namespace HostAgent.Coordinator.Dispatch;

internal sealed partial class AgentQuestions
{
    [LoggerMessage(EventId = 3221, Level = LogLevel.Information, Message = "Operation {OperationId} of item {Item}, host {Host}, {Campaign}: cancellation requested: {Explanation}")]
    private partial void LogCancelled(string operationId, string item, string host, string campaign, string explanation);

    [LoggerMessage(EventId = 3222, Level = LogLevel.Warning, Message = "Operation {OperationId} of item {Item}, host {Host}, {Campaign}: not cancelled ({Reason}): {Explanation}")]
    private partial void LogNotCancelled(string operationId, string item, string host, string campaign, string reason, string explanation);

    [LoggerMessage(EventId = 3223, Level = LogLevel.Warning, Message = "Item {Item}, host {Host}: call to the agent failed, retrying in {Delay}: {Explanation}")]
    private partial void LogWaiting(string item, string host, TimeSpan delay, string explanation);

    [LoggerMessage(EventId = 3224, Level = LogLevel.Warning, Message = "Host {Host}, {Campaign}: the agent was not told who owns the campaign, retrying in {Delay}: {Explanation}")]
    private partial void LogNotTold(string host, string campaign, TimeSpan delay, string explanation);

    [LoggerMessage(EventId = 3225, Level = LogLevel.Warning, Message = "Host {Host}, {Campaign}: the agent does not take this coordinator for the owner of the campaign ({Reason}): {Explanation}")]
    private partial void LogNotOwner(string host, string campaign, string reason, string explanation);
}
