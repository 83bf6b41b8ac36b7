namespace HostAgent.Coordinator.Dispatch;

internal sealed partial class CampaignDispatcher
{
    [LoggerMessage(EventId = 3211, Level = LogLevel.Error, Message = "Operation {OperationId} on VM {VmId}, host {Host}, {Campaign}: the host is not in the inventory any more")]
    private partial void LogHostMissing(string operationId, string vmId, string host, string campaign);

    [LoggerMessage(EventId = 3212, Level = LogLevel.Error, Message = "Operation {OperationId} on VM {VmId}, host {Host}, {Campaign}: following it failed; it is taken up again")]
    private partial void LogFollowingFailed(Exception exception, string operationId, string vmId, string host, string campaign);

    [LoggerMessage(EventId = 3213, Level = LogLevel.Error, Message = "{Campaign}: a call to an agent failed unexpectedly")]
    private partial void LogWorkFailed(Exception exception, string campaign);
}
