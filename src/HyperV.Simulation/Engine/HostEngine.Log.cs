using Microsoft.Extensions.Logging;

namespace HostAgent.HyperV.Simulation.Engine;

/// <content>Log messages.</content>
internal sealed partial class HostEngine
{
    [LoggerMessage(3121, LogLevel.Warning, "Simulated host {Host} could not compact its state file; the file keeps growing")]
    private partial void LogNotCompacted(string host, Exception exception);
}
