namespace HostAgent.Benchmarks.Engine;

/// <summary>Measures the engine cold, then at every size, from small to large, and the scanning scheduler beside it.</summary>
internal static class EngineBenchmark
{
    private static readonly WarmUp WarmUp = new(Least: 2, Most: 6, Band: 0.05);

    public static async Task<EngineReport> RunAsync(IReadOnlyList<EngineSize> sizes, TextWriter progress, CancellationToken cancellation)
    {
        var machine = Machine.Now();
        await progress.WriteLineAsync("the first campaign of the process, then more until it is warm".AsMemory(), cancellation);
        var cold = new EngineRun(sizes[0] with { Campaigns = 1 }).Measure(cancellation);
        var isSettled = WarmedUp(sizes[0], cancellation);
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
        isSettled &= WarmedUp(sizes[0] with { Pairs = true }, cancellation);
        foreach (var size in sizes)
        {
            await progress.WriteLineAsync($"{size.Items} pairs, {2 * size.Hosts} hosts".AsMemory(), cancellation);
            pairs.Add(new EngineRun(size with { Pairs = true }).Measure(cancellation));
        }

        return new EngineReport(machine, cold, isSettled, results, baselines, pairs);
    }

    /// <returns>Whether two successive runs agreed in the end.</returns>
    private static bool WarmedUp(EngineSize size, CancellationToken cancellation)
    {
        var rates = new List<double>();
        do
        {
            rates.Add(1 / new EngineRun(size).Measure(cancellation).Input.MeanMicroseconds);
        }
        while (!WarmUp.IsOver(rates));

        return WarmUp.IsSettled(rates);
    }
}
