using System.Diagnostics;
using HostAgent.Contracts.Failback.V1;

namespace HostAgent.Benchmarks.Agent;

/// <summary>Measures an agent from outside, in its own process: what a caller over mutual TLS gets.</summary>
internal static class AgentBenchmark
{
    public static async Task<AgentReport> RunAsync(AgentWork work, TextWriter progress, CancellationToken cancellation)
    {
        var machine = Machine.Now();
        var callers = AgentWork.Callers;
        await progress.WriteLineAsync("starts of the agent".AsMemory(), cancellation);
        await using var footprint = new Footprint(work);
        await footprint.StartAsync(cancellation);
        await progress.WriteLineAsync("the first failbacks of the process".AsMemory(), cancellation);
        var cold = await RoundAsync(work, callers[^1], work.Accepts, cancellation);
        var accepts = new List<AcceptResult>();
        foreach (var count in callers)
        {
            await progress.WriteLineAsync($"failbacks accepted, {count} at once".AsMemory(), cancellation);
            accepts.Add(await AcceptAsync(work, count, work.Accepts, cancellation));
        }

        await progress.WriteLineAsync($"failbacks accepted, {callers[^1]} at once, {work.ManyMachines} machines".AsMemory(), cancellation);
        accepts.Add(await AcceptAsync(work, callers[^1], work.ManyMachines, cancellation));
        var fanOuts = await FanOutAsync(work, progress, cancellation);
        await progress.WriteLineAsync("the idle agent".AsMemory(), cancellation);
        return new AgentReport(machine, ResultOf(callers[^1], work.Accepts, isSettled: false, [cold]), accepts, fanOuts, await footprint.MeasureAsync(cancellation));
    }

    private static async Task<AcceptResult> AcceptAsync(AgentWork work, int callers, int machines, CancellationToken cancellation)
    {
        var rates = new List<double>();
        do
        {
            rates.Add((await RoundAsync(work, callers, machines, cancellation)).PerSecond);
        }
        while (!work.WarmUp.IsOver(rates));

        var rounds = new List<AcceptRound>();
        while (rounds.Count < work.Rounds)
        {
            rounds.Add(await RoundAsync(work, callers, machines, cancellation));
        }

        return ResultOf(callers, machines, work.WarmUp.IsSettled(rates), rounds);
    }

    private static AcceptResult ResultOf(int callers, int machines, bool isSettled, IReadOnlyList<AcceptRound> rounds) => new(
        callers,
        machines,
        isSettled,
        Spread.Of([.. rounds.Select(round => round.PerSecond)], digits: 1),
        Durations.Of([.. rounds.SelectMany(round => round.Ticks)]),
        rounds.Sum(round => round.Allocated) / rounds.Sum(round => round.Ticks.Count));

    /// <summary>On a host of its own, so that every round meets the same one.</summary>
    private static async Task<AcceptRound> RoundAsync(AgentWork work, int callers, int machines, CancellationToken cancellation)
    {
        await using var agent = await SimulatedAgent.StartSlowAsync(machines);
        var ticks = new List<long>(work.Accepts);
        var left = work.Accepts;
        var (allocated, started) = (GC.GetTotalAllocatedBytes(), Stopwatch.GetTimestamp());
        await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => CallAsync()));
        var elapsed = Stopwatch.GetElapsedTime(started);
        return new AcceptRound(work.Accepts / elapsed.TotalSeconds, ticks, GC.GetTotalAllocatedBytes() - allocated);

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

    private sealed record AcceptRound(double PerSecond, List<long> Ticks, long Allocated);
}
