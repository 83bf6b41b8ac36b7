using HostAgent.Campaigns.Spec;

namespace HostAgent.Campaigns.Forecast;

internal sealed class ForecastRuns
{
    /// <summary>So many items are run in all: many runs of a small campaign, few of a large one, where chance evens out by itself.</summary>
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
        _sizes = [.. request.Plan.Items.Select(item => (double)(item.DiskBytes > 0 ? item.DiskBytes : request.Assumptions.DiskBytes!.Value))];
        Estate = VirtualEstate.Of(request.Plan.Items, request);
        Count = _rates.HasSpread ? Math.Clamp(MaxItems / request.Plan.Items.Count, FewestRuns, MaxRuns) : 1;
    }

    public VirtualEstate Estate { get; }

    public int Count { get; }

    public IReadOnlyList<RunResult> All() => Each(Count, run => Run(run, _request.Spec, Estate));

    /// <summary>Does several runs at once, and leaves a processor to whatever else there is to do.</summary>
    public IReadOnlyList<T> Each<T>(int count, Func<int, T> run)
    {
        var results = new T[count];
        var options = new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, Environment.ProcessorCount - 1), CancellationToken = _cancellation };
        Parallel.For(0, count, options, position => results[position] = run(position));
        return results;
    }

    /// <summary>One of the runs, perhaps with something changed: the rates are those of that run.</summary>
    public RunResult Run(int run, CampaignSpec spec, VirtualEstate estate)
    {
        var agents = new VirtualAgents(estate, _sizes, _rates.Draw(run, Count));
        return VirtualRun.Of(spec, _request.Plan, _request.StartTime, agents, _cancellation);
    }

    /// <summary>The document's limits and the hosts' own as a run reached them.</summary>
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

    /// <summary>How long the failback of an item takes when nothing slows it down, in a run.</summary>
    public IReadOnlyList<TimeSpan> AloneIn(int run)
        => [.. _rates.Draw(run, Count).Select((rate, item) => TimeSpan.FromSeconds(_sizes[item] / rate))];
}
