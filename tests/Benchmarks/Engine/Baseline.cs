using System.Diagnostics;
using HostAgent.Campaigns;

namespace HostAgent.Benchmarks.Engine;

/// <summary>What <see cref="ScanningScheduler"/> takes for an item's end.</summary>
/// <param name="Items">Items of the campaign.</param>
/// <param name="End">For each end.</param>
internal sealed record Baseline(int Items, Durations End)
{
    private const int MostEnds = 2_000;
    private const int HostLimit = 3;

    public static Baseline Measure(int items, int hosts, CancellationToken cancellation)
    {
        var plan = CampaignPlanner.Plan(BenchmarkEstate.Spec, BenchmarkEstate.Of(hosts)).Plan;
        var scheduler = new ScanningScheduler(plan, Math.Max(1, items / 20), HostLimit);
        var random = new Random(items);
        var inFlight = scheduler.Start().ToList();
        var ticks = new List<long>();
        while (inFlight.Count > 0 && ticks.Count < MostEnds)
        {
            cancellation.ThrowIfCancellationRequested();
            var place = random.Next(inFlight.Count);
            var ended = inFlight[place];
            inFlight[place] = inFlight[^1];
            inFlight.RemoveAt(inFlight.Count - 1);
            var started = Stopwatch.GetTimestamp();
            var next = scheduler.End(ended);
            ticks.Add(Stopwatch.GetTimestamp() - started);
            inFlight.AddRange(next);
        }

        return new Baseline(items, Durations.Of(ticks));
    }
}
