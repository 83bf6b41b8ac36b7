namespace HostAgent.Coordinator.Dispatch;

internal sealed partial class CampaignDispatcher
{
    [LoggerMessage(EventId = 3211, Level = LogLevel.Error, Message = "Operation {OperationId} on VM {VmId}, host {Host}, {Campaign}: the host is no longer in the inventory")]
    private partial void LogHostMissing(string operationId, string vmId, string host, string campaign);

    [LoggerMessage(EventId = 3212, Level = LogLevel.Error, Message = "Operation {OperationId} on VM {VmId}, host {Host}, {Campaign}: tracking failed unexpectedly; resuming")]
    private partial void LogFollowingFailed(Exception exception, string operationId, string vmId, string host, string campaign);

    [LoggerMessage(EventId = 3213, Level = LogLevel.Error, Message = "{Campaign}: unexpected failure while calling an agent")]
    private partial void LogWorkFailed(Exception exception, string campaign);
}
