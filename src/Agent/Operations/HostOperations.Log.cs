namespace HostAgent.Agent.Operations;

/// <content>Log lines, events 2200 to 2299.</content>
internal sealed partial class HostOperations
{
    private const string Tail = "operation_id {OperationId}, vm_id {VmId}, host {Host}, campaign {Campaign}";

    [LoggerMessage(EventId = 2200, Level = LogLevel.Information, Message = "Accepted {Kind} for {RequestedBy}, queue position {Position}: " + Tail)]
    private static partial void LogAccepted(
        ILogger logger, string kind, string requestedBy, int position, Guid operationId, string vmId, string host, Guid? campaign);

    [LoggerMessage(EventId = 2201, Level = LogLevel.Error, Message = "Not accepted: writing to the journal failed: " + Tail)]
    private static partial void LogNotAccepted(ILogger logger, Exception exception, Guid operationId, string vmId, string host, Guid? campaign);

    [LoggerMessage(EventId = 2203, Level = LogLevel.Information, Message = "Resumed {Live} operations from the journal, {Waiting} of them queued, on host {Host}")]
    private static partial void LogRecovered(ILogger logger, int live, int waiting, string host);

    [LoggerMessage(EventId = 2204, Level = LogLevel.Information, Message = "Draining host {Host}: {Running} operations continue on the host, {Waiting} stay queued in the journal")]
    private static partial void LogDraining(ILogger logger, int running, int waiting, string host);
}
