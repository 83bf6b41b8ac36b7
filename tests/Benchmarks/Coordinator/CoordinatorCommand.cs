using System.CommandLine;

namespace HostAgent.Benchmarks.Coordinator;

/// <summary>The command <c>coordinator</c>.</summary>
internal static class CoordinatorCommand
{
    public static Command Create()
    {
        var parts = new Option<CoordinatorParts[]>("--part")
        {
            Description = "Only this, after the load that warms the coordinator up: load, inFlight, items, tools, watchers, postgreSql, agents, hosts or pairs. May be repeated.",
            DefaultValueFactory = _ => [CoordinatorParts.All],
        };
        return ReportCommand.Create(
            "coordinator",
            "Measures a coordinator before scripted agents, over mutual TLS: durable initiations a second cold and warm, what an item costs, how late watchers are, memory. Takes about ten minutes.",
            [parts],
            async (result, quick, progress, cancellation) => await CoordinatorBenchmark.RunAsync(
                quick ? CoordinatorWork.Quick : CoordinatorWork.Default,
                result.GetValue(parts)!.Aggregate((all, part) => all | part),
                progress,
                cancellation));
    }
}
