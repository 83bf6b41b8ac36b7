using HostAgent.Campaigns.Spec;

namespace HostAgent.Campaigns.Forecast;

internal sealed class ForecastRuns
{
    /// <summary>The total number of items over all runs: many runs of a small campaign, few of a large one, where randomness averages out.</summary>
    private const int MaxItems = 200_000;
    private const int FewestRuns = 7;
    private const int MaxRuns = 101;

    private readonly ForecastRequest _request;
    private readonly CancellationToken _cancellation;
    private readonly ItemRates _rates;
    private readonly double[] _sizes;

    public ForecastRuns(ForecastRequest request, CancellationToken cancellationToken)
    {
        _request = request;
        _cancellation = cancellationToken;
        _rates = ItemRates.Of(request);
        _sizes = [.. request.Plan.Items.Select(item => (double)(item.DiskBytes > 0 ? item.DiskBytes : request.Assumptions.DiskBytes ?? 0))];
        Estate = VirtualEstate.Of(request.Plan.Items, request);
        Count = _rates.HasSpread ? Math.Clamp(MaxItems / request.Plan.Items.Count, FewestRuns, MaxRuns) : 1;
    }

    public VirtualEstate Estate { get; }

    public int Count { get; }

    public IReadOnlyList<RunResult> All() => Each(Count, run => Run(run, _request.Spec, Estate));

    /// <summary>Runs several at once, leaving one processor free for other work.</summary>
    public IReadOnlyList<T> Each<T>(int count, Func<int, T> run)
    {
        var results = new T[count];
        var options = new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, Environment.ProcessorCount - 1), CancellationToken = _cancellation };
        Parallel.For(0, count, options, position => results[position] = run(position));
        return results;
    }

    /// <summary>One of the runs, possibly with a change; uses that run's rates.</summary>
    public RunResult Run(int run, CampaignSpec spec, VirtualEstate estate)
    {
        var agents = new VirtualAgents(estate, _sizes, _rates.Draw(run, Count));
        return VirtualRun.Of(spec, _request.Plan, _request.StartTime, agents, _cancellation);
    }

    /// <summary>The document's limits and the agents' own, as a run reached them.</summary>
    public IReadOnlyList<ForecastLimit> LimitsOf(RunResult result)
    {
        var hosts = Enumerable.Range(0, Estate.AgentLimits.Count).Where(host => Estate.AgentLimits[host] < int.MaxValue).ToList();
        if (hosts.Count == 0)
        {
            return result.Limits;
        }

        var full = hosts.Count(host => result.AgentPeaks[host] >= Estate.AgentLimits[host]);
        return [.. result.Limits, new ForecastLimit("agent", hosts.Max(host => Estate.AgentLimits[host]), hosts.Max(host => result.AgentPeaks[host]), hosts.Count, full)];
    }

    /// <summary>How long each item takes in a run when nothing slows it down: all its steps, one after the other.</summary>
    public IReadOnlyList<TimeSpan> AloneIn(int run)
    {
        var rates = _rates.Draw(run, Count);
        var seconds = new double[_sizes.Length];
        for (var step = 0; step < rates.Length; step++)
        {
            seconds[Estate.ItemOf[step]] += Estate.FixedTimes[step]?.TotalSeconds ?? ((_sizes[Estate.ItemOf[step]] / rates[step]) + Estate.AddedTimes[step].TotalSeconds);
        }

        return Array.ConvertAll(seconds, TimeSpan.FromSeconds);
    }
}
