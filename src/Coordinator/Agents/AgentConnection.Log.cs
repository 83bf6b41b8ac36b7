namespace HostAgent.Coordinator.Agents;

internal sealed partial class AgentConnection
{
    [LoggerMessage(EventId = 3101, Level = LogLevel.Information, Message = "Host {Host} at {Address} is reachable")]
    private partial void LogReachable(string host, Uri address);

    [LoggerMessage(EventId = 3102, Level = LogLevel.Warning, Message = "Host {Host} at {Address} is unreachable ({Reason}): {Explanation}")]
    private partial void LogUnreachable(string host, Uri address, string reason, string explanation);
}
