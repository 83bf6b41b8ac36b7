using System.CommandLine;

namespace HostAgent.Benchmarks.Agent;

/// <summary>The command <c>agent</c>.</summary>
internal static class AgentCommand
{
    public static Command Create() => ReportCommand.Create(
        "agent",
        "Measures an agent on a simulated host, over mutual TLS: how fast it accepts failbacks durably, how fast watchers hear of an event, and what it takes when it does nothing. Takes about eight minutes.",
        [],
        async (_, quick, progress, cancellation) => await AgentBenchmark.RunAsync(quick ? AgentWork.Quick : AgentWork.Default, progress, cancellation));
}
