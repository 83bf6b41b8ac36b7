using System.CommandLine;

namespace HostAgent.Benchmarks.Engine;

/// <summary>The command <c>engine</c>.</summary>
internal static class EngineCommand
{
    public static Command Create() => ReportCommand.Create(
        "engine",
        "Measures the campaign engine with up to 100,000 items on 10,000 hosts and a million random inputs. Takes about two minutes.",
        [],
        async (_, quick, progress, cancellation) => await EngineBenchmark.RunAsync(quick ? EngineSize.Quick : EngineSize.All, progress, cancellation));
}
