using HostAgent.Agent.Operations.Model;
using HostAgent.HyperV.Cim;

namespace HostAgent.Agent.Operations;

/// <content>Log lines, events 2100 to 2199.</content>
internal sealed partial class OperationRun
{
    private const string Tail = "operation_id {OperationId}, vm_id {VmId}, host {Host}, campaign {Campaign}";

    [LoggerMessage(EventId = 2100, Level = LogLevel.Information, Message = "Calling the host, recovery point {RecoveryPoint}: " + Tail)]
    private static partial void LogCalling(ILogger logger, string? recoveryPoint, Guid operationId, string vmId, string host, Guid? campaign);

    [LoggerMessage(EventId = 2101, Level = LogLevel.Information, Message = "The host answered {ReturnCode}, job {JobPath}: " + Tail)]
    private static partial void LogAnswered(
        ILogger logger, uint returnCode, CimObjectPath? jobPath, Guid operationId, string vmId, string host, Guid? campaign);

    [LoggerMessage(EventId = 2102, Level = LogLevel.Warning, Message = "The host refused the call: " + Tail)]
    private static partial void LogCallRefused(ILogger logger, Exception exception, Guid operationId, string vmId, string host, Guid? campaign);

    [LoggerMessage(EventId = 2103, Level = LogLevel.Information, Message = "Ended as {State} by {Basis}: {Explanation} " + Tail)]
    private static partial void LogConcluded(
        ILogger logger, OperationState state, OutcomeBasis basis, string explanation, Guid operationId, string vmId, string host, Guid? campaign);

    [LoggerMessage(EventId = 2104, Level = LogLevel.Warning, Message = "Step in state {State} failed; retrying in {Pause}: " + Tail)]
    private static partial void LogStepFailed(
        ILogger logger, Exception exception, OperationState state, TimeSpan pause, Guid operationId, string vmId, string host, Guid? campaign);

    [LoggerMessage(EventId = 2105, Level = LogLevel.Warning, Message = "No progress for {Still}: " + Tail)]
    private static partial void LogNoProgress(ILogger logger, TimeSpan still, Guid operationId, string vmId, string host, Guid? campaign);

    [LoggerMessage(EventId = 2106, Level = LogLevel.Warning, Message = "Could not read the errors of job {JobId}: " + Tail)]
    private static partial void LogErrorsNotRead(
        ILogger logger, Exception exception, string jobId, Guid operationId, string vmId, string host, Guid? campaign);
}
