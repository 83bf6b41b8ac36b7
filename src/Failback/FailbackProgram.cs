using HostAgent.Cli;
using HostAgent.Cli.Application;
using HostAgent.Failback.Certificates;
using HostAgent.Failback.Demo;
using HostAgent.Failback.Estates;
using HostAgent.Failback.Servers;
using HostAgent.Failback.Stores;

namespace HostAgent.Failback;

/// <summary>Combines the operator's commands with the commands that need the servers or an authority.</summary>
internal static class FailbackProgram
{
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
