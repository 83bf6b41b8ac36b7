using System.CommandLine;
using HostAgent.Cli;
using HostAgent.Cli.Application;
using HostAgent.Cli.Commands;
using HostAgent.Failback.Certificates;
using HostAgent.Failback.Demo;
using HostAgent.Failback.Servers;
using HostAgent.HyperV.Simulation.Estates;

namespace HostAgent.Failback;

/// <summary>Combines the operator's commands with the commands that need the servers or an authority.</summary>
internal static class FailbackProgram
{
    public static FailbackApplication Create(CommandEnvironment environment) => new(
        environment,
        CertificatesCommands.Create,
        EstateCommands.Create,
        setting => new DemoCommand(setting),
        setting => new RunNodeCommand(NodeProgram.Agent, setting),
        setting => new RunNodeCommand(NodeProgram.Coordinator, setting));
}

/// <summary>failback estate: about the documents of simulated hosts.</summary>
internal static class EstateCommands
{
    public static Command Create(CommandContext context)
        => new("estate", "Describe the estates of simulated hosts.") { new EstateSchemaCommand(context) };

    private sealed class EstateSchemaCommand : Command
    {
        public EstateSchemaCommand(CommandContext context)
            : base("schema", "Print the JSON Schema (2020-12) of an estate's document, for editors.")
            => SetAction(_ =>
            {
                context.Environment.Output.Write(EstateDocument.DescribeSchema());
                return ExitCode.Success;
            });
    }
}
