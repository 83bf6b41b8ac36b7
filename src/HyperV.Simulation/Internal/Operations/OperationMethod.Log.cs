using Microsoft.Extensions.Logging;

namespace HostAgent.HyperV.Simulation.Internal.Operations;

/// <content>Its log lines.</content>
internal sealed partial class OperationMethod
{
    [LoggerMessage(3111, LogLevel.Information, "Simulated host {Host} accepted {Method} for {VmId}: job {JobId}")]
    private partial void LogAccepted(string host, string method, Guid vmId, string jobId);

    [LoggerMessage(3112, LogLevel.Information, "Simulated host {Host} refused {Method} for {VmId} with {Code}: {Reason}")]
    private partial void LogRefused(string host, string method, Guid? vmId, uint code, string reason);
}
