using Microsoft.Extensions.Logging;

namespace HostAgent.HyperV.Simulation.Engine;

/// <content>Its log lines.</content>
internal sealed partial class HostEngine
{
    [LoggerMessage(3121, LogLevel.Warning, "Simulated host {Host} cannot replace its state file by a summary; the file goes on growing")]
    private partial void LogNotCompacted(string host, Exception exception);
}
