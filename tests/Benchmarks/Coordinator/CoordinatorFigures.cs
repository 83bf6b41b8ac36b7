namespace HostAgent.Benchmarks.Coordinator;

/// <summary>What one campaign cost. An item is one durable initiation: the intent and the three changes that follow it are made durable, and the agent is called once.</summary>
/// <param name="Items">Its items; all of them succeeded.</param>
/// <param name="CreateSeconds">From the call that creates it to its answer: every agent lists its machines, and the plan is stored.</param>
/// <param name="PerSecond">Items in a second, from the campaign's start to its end by the coordinator's own record.</param>
/// <param name="CpuMicroseconds">Processor time of the coordinator for each item.</param>
/// <param name="AgentCpuMicroseconds">Processor time of the scripted agents for each item.</param>
/// <param name="AllocatedBytes">Allocated by the coordinator for each item.</param>
/// <param name="CommitsPerThousand">Transactions that the store flushed to disk, for 1,000 items.</param>
/// <param name="PauseShare">The part of the time in which the coordinator stood still for its garbage collector.</param>
internal sealed record CampaignFigures(
    int Items, double CreateSeconds, double PerSecond, double CpuMicroseconds, double AgentCpuMicroseconds, double AllocatedBytes, double CommitsPerThousand, double PauseShare);

/// <summary>One coordinator that runs the same campaign again and again.</summary>
/// <param name="Store">Where it keeps them.</param>
/// <param name="Agents">How many agents it calls.</param>
/// <param name="InFlight">How many items may be in flight.</param>
/// <param name="Campaigns">All of them, in order; the first is the first of the process.</param>
/// <param name="Rounds">How many of them, the last ones, were measured after it had warmed up.</param>
/// <param name="IsSettled">Whether two successive campaigns agreed before these.</param>
internal sealed record LoadResult(string Store, int Agents, int InFlight, IReadOnlyList<CampaignFigures> Campaigns, int Rounds, bool IsSettled)
{
    /// <summary>The first campaign of the process.</summary>
    public CampaignFigures Cold => Campaigns[0];

    /// <summary>The second one's rate divided by the first one's.</summary>
    public double SecondByFirst => Math.Round(Campaigns[1].PerSecond / Campaigns[0].PerSecond, 2);

    /// <summary>Items in a second when warm.</summary>
    public Spread Warm => Spread.Of([.. Measured.Select(campaign => campaign.PerSecond)], digits: 1);

    /// <summary>What the measured campaigns cost, each figure by its median.</summary>
    public CampaignFigures Median => Medians.Of([.. Measured]);

    private IEnumerable<CampaignFigures> Measured => Campaigns.TakeLast(Rounds);
}

/// <summary>One of several campaigns that differ in one respect.</summary>
/// <param name="Value">The respect: the limit on what is in flight, or the number of items.</param>
/// <param name="PerSecond">Items in a second.</param>
/// <param name="CpuMicroseconds">Processor time of the coordinator for each item.</param>
/// <param name="Median">Every figure by its median.</param>
internal sealed record SweepPoint(int Value, Spread PerSecond, Spread CpuMicroseconds, CampaignFigures Median)
{
    public static SweepPoint Of(int value, IReadOnlyList<CampaignFigures> campaigns) => new(
        value,
        Spread.Of([.. campaigns.Select(campaign => campaign.PerSecond)], digits: 0),
        Spread.Of([.. campaigns.Select(campaign => campaign.CpuMicroseconds)], digits: 1),
        Medians.Of(campaigns));
}

/// <summary>How long changes take to come to the watchers of a running campaign.</summary>
/// <param name="Watchers">How many.</param>
/// <param name="Active">Items in flight meanwhile.</param>
/// <param name="Ends">Ends of items that came to every watcher.</param>
/// <param name="MissedEnds">Ends that some watcher did not get in the time; their lags are counted where they came.</param>
/// <param name="Lag">For each end and watcher: from the agent's sending its last word about the item to the watcher's reading the update that shows it. Agent, coordinator and watchers share one clock.</param>
/// <param name="Spread">For each end that came to all: from the first watcher that had it to the last.</param>
/// <param name="ChangesPerSecond">Changes of items that each watcher received in a second: ends, starts and percentages.</param>
/// <param name="CoordinatorCores">How many processors the coordinator used meanwhile.</param>
internal sealed record WatchResult(int Watchers, int Active, int Ends, int MissedEnds, Durations Lag, Durations Spread, double ChangesPerSecond, double CoordinatorCores);

/// <summary>The memory of a coordinator with a large inventory.</summary>
/// <param name="Hosts">How many hosts it has; all of them answer.</param>
/// <param name="Connected">After it has reached every one.</param>
/// <param name="WithCampaign">After a campaign with an item on each of them.</param>
internal sealed record MemoryResult(int Hosts, MemoryFigures Connected, MemoryFigures WithCampaign);

/// <summary>The memory of a process.</summary>
/// <param name="ResidentMegabytes">What it has in memory, shared parts included, in MB (10^6 B).</param>
/// <param name="HeapMegabytes">What lives on its managed heap after a full collection.</param>
internal sealed record MemoryFigures(double ResidentMegabytes, double HeapMegabytes);

/// <summary>Trivial things done by a tool.</summary>
/// <param name="Tool">Which.</param>
/// <param name="Seconds">From its start to its end, all targets.</param>
/// <param name="PerSecond">Targets in a second.</param>
internal sealed record ToolResult(string Tool, double Seconds, double PerSecond);

/// <summary>Figures of several campaigns, each by its median.</summary>
internal static class Medians
{
    public static CampaignFigures Of(IReadOnlyList<CampaignFigures> campaigns)
    {
        double By(Func<CampaignFigures, double> figure, int digits = 0) => Math.Round(Median.Of(campaigns.Select(figure)), digits);
        return new CampaignFigures(
            campaigns[0].Items,
            By(campaign => campaign.CreateSeconds, 3),
            By(campaign => campaign.PerSecond, 1),
            By(campaign => campaign.CpuMicroseconds, 1),
            By(campaign => campaign.AgentCpuMicroseconds, 1),
            By(campaign => campaign.AllocatedBytes),
            By(campaign => campaign.CommitsPerThousand, 1),
            By(campaign => campaign.PauseShare, 3));
    }
}
