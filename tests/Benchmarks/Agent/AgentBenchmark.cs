using System.Diagnostics;
using HostAgent.Contracts.Failback.V1;

namespace HostAgent.Benchmarks.Agent;

/// <summary>Measures an agent from outside, in its own process: what a caller over mutual TLS gets.</summary>
internal static class AgentBenchmark
{
    public static async Task<AgentReport> RunAsync(AgentWork work, TextWriter progress, CancellationToken cancellation)
    {
        var machine = Machine.Now();
        return new AgentReport(machine, await AcceptAsync(work, progress, cancellation), await FanOutAsync(work, progress, cancellation));
    }

    private static async Task<IReadOnlyList<AcceptResult>> AcceptAsync(AgentWork work, TextWriter progress, CancellationToken cancellation)
    {
        // The first round is for warming up.
        var callers = AgentWork.Callers;
        await using var agent = await SimulatedAgent.StartSlowAsync(work.Accepts * (callers.Count + 1));
        await AcceptAsync(agent, callers[^1], work.Accepts, cancellation);
        var results = new List<AcceptResult>();
        foreach (var count in callers)
        {
            await progress.WriteLineAsync($"failbacks accepted, {count} at once".AsMemory(), cancellation);
            results.Add(await AcceptAsync(agent, count, work.Accepts, cancellation));
        }

        return results;
    }

    private static async Task<AcceptResult> AcceptAsync(SimulatedAgent agent, int callers, int accepts, CancellationToken cancellation)
    {
        var ticks = new List<long>(accepts);
        var left = accepts;
        var (allocated, started) = (GC.GetTotalAllocatedBytes(), Stopwatch.GetTimestamp());
        await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => CallAsync()));
        var elapsed = Stopwatch.GetElapsedTime(started);
        return new AcceptResult(callers, Math.Round(accepts / elapsed.TotalSeconds, 1), Durations.Of(ticks), (GC.GetTotalAllocatedBytes() - allocated) / accepts);

        async Task CallAsync()
        {
            while (Interlocked.Decrement(ref left) >= 0)
            {
                var begun = Stopwatch.GetTimestamp();
                using var call = agent.Client.InitiateFailback(agent.NextRequest(), cancellationToken: cancellation);
                var accepted = await call.ResponseStream.MoveNext(cancellation) && call.ResponseStream.Current.Kind == ProgressKind.Accepted;
                var taken = Stopwatch.GetTimestamp() - begun;
                if (!accepted)
                {
                    throw new InvalidOperationException("The first message of a failback does not say that it was accepted.");
                }

                lock (ticks)
                {
                    ticks.Add(taken);
                }
            }
        }
    }

    private static async Task<IReadOnlyList<FanOutResult>> FanOutAsync(AgentWork work, TextWriter progress, CancellationToken cancellation)
    {
        await using var agent = await SimulatedAgent.StartQuickAsync(work.Watchers.Count, work.Failback);
        var results = new List<FanOutResult>();
        foreach (var watchers in work.Watchers)
        {
            await progress.WriteLineAsync($"events of a failback, {watchers} watchers".AsMemory(), cancellation);
            results.Add(await new FanOut(agent, watchers).MeasureAsync(cancellation));
        }

        return results;
    }
}
