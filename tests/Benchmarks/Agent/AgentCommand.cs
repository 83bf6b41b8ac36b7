using System.CommandLine;

namespace HostAgent.Benchmarks.Agent;

/// <summary>The command <c>agent</c>.</summary>
internal static class AgentCommand
{
    public static Command Create() => ReportCommand.Create(
        "agent",
        "Measures an agent on a simulated host, over mutual TLS: how fast it accepts failbacks durably, and how fast watchers hear of an event. Takes a few minutes.",
        [],
        async (_, quick, progress, cancellation) => await AgentBenchmark.RunAsync(quick ? AgentWork.Quick : AgentWork.Default, progress, cancellation));
}
