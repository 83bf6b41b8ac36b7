using System.CommandLine;
using HostAgent.Benchmarks.Agent;
using HostAgent.Benchmarks.Coordinator;
using HostAgent.Benchmarks.Engine;
using HostAgent.Benchmarks.Grpc;

namespace HostAgent.Benchmarks;

/// <summary>The command <c>readme</c>: measures everything and writes what was found where it is published.</summary>
internal static class ReadmeCommand
{
    public static Command Create()
    {
        var file = new Argument<FileInfo>("file") { Description = "The Markdown file; the tables between <!-- measured: NAME --> and <!-- measured end --> are replaced." };
        file.AcceptExistingOnly();
        var quick = new Option<bool>("--quick") { Description = "Show within seconds that everything runs. The numbers mean nothing." };
        var command = new Command("readme", "Runs every benchmark and writes the tables into a Markdown file. Takes about half an hour.") { file, quick };
        command.SetAction(async (result, cancellation) =>
        {
            var path = result.GetValue(file)!.FullName;
            foreach (var (name, measure) in Benchmarks(result.GetValue(quick), Console.Error, cancellation))
            {
                // Each is kept as soon as it is there.
                var report = await measure();
                await File.WriteAllTextAsync(path, MeasuredTables.Replace(await File.ReadAllTextAsync(path, cancellation), name, report.ToText()), cancellation);
            }
        });
        return command;
    }

    private static IEnumerable<(string Name, Func<Task<IReport>> Measure)> Benchmarks(bool quick, TextWriter progress, CancellationToken cancellation) =>
    [
        ("grpc", async () => await GrpcBenchmark.RunAsync(quick ? RoundPlan.Quick : RoundPlan.Default, plaintext: false, progress, cancellation)),
        ("engine", async () => await EngineBenchmark.RunAsync(quick ? EngineSize.Quick : EngineSize.All, progress, cancellation)),
        ("agent", async () => await AgentBenchmark.RunAsync(quick ? AgentWork.Quick : AgentWork.Default, progress, cancellation)),
        ("coordinator", async () => await CoordinatorBenchmark.RunAsync(quick ? CoordinatorWork.Quick : CoordinatorWork.Default, CoordinatorParts.All, progress, cancellation)),
    ];
}
