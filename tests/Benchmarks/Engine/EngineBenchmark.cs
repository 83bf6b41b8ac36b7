namespace HostAgent.Benchmarks.Engine;

/// <summary>Measures the engine at every size, from small to large, and the scanning scheduler beside it.</summary>
internal static class EngineBenchmark
{
    public static async Task<EngineReport> RunAsync(IReadOnlyList<EngineSize> sizes, TextWriter progress, CancellationToken cancellation)
    {
        var machine = Machine.Now();
        await progress.WriteLineAsync("warming up".AsMemory(), cancellation);
        new EngineRun(sizes[0]).Measure(cancellation);
        Baseline.Measure(sizes[0].Items, sizes[0].Hosts, cancellation);
        var results = new List<EngineResult>();
        var baselines = new List<Baseline>();
        foreach (var size in sizes)
        {
            await progress.WriteLineAsync($"{size.Items} items, {size.Hosts} hosts".AsMemory(), cancellation);
            results.Add(new EngineRun(size).Measure(cancellation));
            baselines.Add(Baseline.Measure(size.Items, size.Hosts, cancellation));
        }

        var pairs = new List<EngineResult>();
        new EngineRun(sizes[0] with { Pairs = true }).Measure(cancellation);
        foreach (var size in sizes)
        {
            await progress.WriteLineAsync($"{size.Items} pairs, {2 * size.Hosts} hosts".AsMemory(), cancellation);
            pairs.Add(new EngineRun(size with { Pairs = true }).Measure(cancellation));
        }

        return new EngineReport(machine, results, baselines, pairs);
    }
}
