using HostAgent.HyperV.Simulation.Estates;
using Microsoft.Extensions.Logging;

namespace HostAgent.HyperV.Simulation.Methods;

/// <content>Log messages.</content>
internal sealed partial class InitiateFailbackMethod
{
    [LoggerMessage(3101, LogLevel.Information, "Simulated host {Host} accepted InitiateFailback for {VmId}: job {JobId}, number {Number} of the host, {NumberOfMachine} of the machine")]
    private partial void LogAccepted(string host, Guid vmId, string jobId, int number, int numberOfMachine);

    [LoggerMessage(3102, LogLevel.Information, "Simulated host {Host} refused InitiateFailback for {VmId} with {Code} at check {Check}: {Reason}")]
    private partial void LogRefused(string host, Guid? vmId, uint code, FailbackCheck check, string reason);

    [LoggerMessage(3103, LogLevel.Information, "Simulated host {Host} answered InitiateFailback for {VmId} with {Code} because of fault {Fault}")]
    private partial void LogAnsweredByFault(string host, Guid vmId, uint code, string fault);
}
