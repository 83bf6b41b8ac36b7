using HostAgent.Cli;
using HostAgent.Cli.Application;
using HostAgent.Failback.Certificates;
using HostAgent.Failback.Demo;
using HostAgent.Failback.Estates;
using HostAgent.Failback.Servers;
using HostAgent.Failback.Stores;
using HostAgent.Hosting.Telemetry;

namespace HostAgent.Failback;

/// <summary>Combines the operator's commands with the commands that need the servers or an authority.</summary>
internal static class FailbackProgram
{
    // Servers of their own send their own.
    private static readonly string[] Servers = ["run-agent", "run-agents", "run-coordinator", "demo"];

    /// <summary>Sends the span of a command, where the environment names a collector; null otherwise.</summary>
    public static IDisposable? StartTelemetry(IReadOnlyList<string> arguments)
        => arguments is [var first, ..] && Servers.Contains(first) ? null : TelemetryExport.Start(Environment.GetEnvironmentVariable, "failback");

    public static FailbackApplication Create(CommandEnvironment environment) => new(
        environment,
        CertificatesCommands.Create,
        EstateCommands.Create,
        StoreCommands.Create,
        setting => new DemoCommand(setting),
        setting => new RunNodeCommand(NodeProgram.Agent, setting),
        setting => new RunAgentsCommand(setting),
        setting => new RunNodeCommand(NodeProgram.Coordinator, setting));
}
