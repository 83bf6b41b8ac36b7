using System.Globalization;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Tests.Shared;

namespace HostAgent.Benchmarks.Coordinator;

/// <summary>Measures a coordinator from outside, in a process of its own, before scripted agents in others: what an operator and what an agent gets.</summary>
internal sealed class CoordinatorBenchmark(CoordinatorWork work, TextWriter progress, CancellationToken cancellation)
{
    private const string Sqlite = "SQLite";
    private const string PostgreSql = "PostgreSQL";

    private readonly List<LoadResult> _loads = [];
    private readonly List<LoadResult> _pairs = [];
    private readonly List<SweepPoint> _inFlight = [];
    private readonly List<SweepPoint> _sizes = [];
    private readonly List<ToolResult> _tools = [];
    private readonly SortedDictionary<string, string> _missing = new(StringComparer.Ordinal);
    private WatchResult? _watch;
    private MemoryResult? _memory;

    /// <summary>Measures.</summary>
    /// <param name="work">How much is asked.</param>
    /// <param name="parts">What is measured.</param>
    /// <param name="progress">Told what is being measured.</param>
    /// <param name="cancellation">Cancels.</param>
    public static Task<CoordinatorReport> RunAsync(CoordinatorWork work, CoordinatorParts parts, TextWriter progress, CancellationToken cancellation) =>
        new CoordinatorBenchmark(work, progress, cancellation).RunAsync(parts);

    private async Task<CoordinatorReport> RunAsync(CoordinatorParts parts)
    {
        var machine = Machine.Now();
        if ((parts & (CoordinatorParts.OnSqlite | CoordinatorParts.PostgreSql)) != CoordinatorParts.None)
        {
            await using var estate = await ScriptedEstate.StartAsync(work.Agents, cancellation);
            await WarmAgentsAsync(estate);
            await MeasureSqliteAsync(estate, parts);
            if (parts.HasFlag(CoordinatorParts.PostgreSql))
            {
                await MeasurePostgreSqlAsync(estate);
            }
        }

        if (parts.HasFlag(CoordinatorParts.Agents))
        {
            await using var estate = await ScriptedEstate.StartAsync(work.ManyAgents, cancellation);
            await WarmAgentsAsync(estate);
            await using var coordinator = await MeasuredCoordinator.StartAsync(estate, [], cancellation);
            await LoadAsync(Sqlite, estate, coordinator);
        }

        if (parts.HasFlag(CoordinatorParts.Hosts))
        {
            await MeasureMemoryAsync();
        }

        if (parts.HasFlag(CoordinatorParts.Pairs))
        {
            await MeasurePairsAsync();
        }

        return new CoordinatorReport(machine, _loads, _pairs, _inFlight, _sizes, _watch, _memory, _tools, _missing);
    }

    /// <summary>Whatever is measured with SQLite is measured on one coordinator, whose first campaigns warm it up.</summary>
    private async Task MeasureSqliteAsync(ScriptedEstate estate, CoordinatorParts parts)
    {
        if ((parts & CoordinatorParts.OnSqlite) == CoordinatorParts.None)
        {
            return;
        }

        await using var coordinator = await MeasuredCoordinator.StartAsync(estate, [], cancellation);
        await LoadAsync(Sqlite, estate, coordinator);
        if (parts.HasFlag(CoordinatorParts.InFlight))
        {
            await SweepInFlightAsync(coordinator);
        }

        if (parts.HasFlag(CoordinatorParts.Items))
        {
            await SweepSizesAsync(coordinator);
        }

        if (parts.HasFlag(CoordinatorParts.Tools))
        {
            await CompareAsync(coordinator);
        }

        if (parts.HasFlag(CoordinatorParts.Watchers))
        {
            await WatchAsync(estate, coordinator);
        }
    }

    /// <summary>The agents are warm before anything is measured: a real host has its own processors, and its first call is not the coordinator's cost.</summary>
    private async Task WarmAgentsAsync(ScriptedEstate estate)
    {
        await SayAsync($"{estate.Agents} agents warm up");
        await using var coordinator = await MeasuredCoordinator.StartAsync(estate, [], cancellation);
        for (var round = 0; round < 2; round++)
        {
            await coordinator.RunAsync(work.Items, work.InFlight, cancellation);
        }
    }

    private async Task LoadAsync(string store, ScriptedEstate estate, MeasuredCoordinator coordinator)
    {
        await SayAsync($"campaigns of {work.Items} items, {estate.Agents} agents, {store}");
        var campaigns = new List<CampaignFigures>();
        do
        {
            campaigns.Add(await coordinator.RunAsync(work.Items, work.InFlight, cancellation));
        }
        while (campaigns.Count < 2 || !work.WarmUp.IsOver(Rates()));

        var isSettled = work.WarmUp.IsSettled(Rates());
        for (var round = 0; round < work.Rounds; round++)
        {
            campaigns.Add(await coordinator.RunAsync(work.Items, work.InFlight, cancellation));
        }

        _loads.Add(new LoadResult(store, estate.Agents, work.InFlight, campaigns, work.Rounds, isSettled));

        List<double> Rates() => campaigns.ConvertAll(campaign => campaign.PerSecond);
    }

    private async Task MeasurePostgreSqlAsync(ScriptedEstate estate)
    {
        if (PostgreSqlServer.Binaries is null)
        {
            _missing.TryAdd(PostgreSql, PostgreSqlServer.Missing);
            return;
        }

        await using var server = new PostgreSqlServer();
        await server.InitializeAsync();
        await using var coordinator = await MeasuredCoordinator.StartAsync(estate, await StoreInAsync(server), cancellation);
        await LoadAsync(PostgreSql, estate, coordinator);
    }

    private static async Task<IReadOnlyList<string>> StoreInAsync(PostgreSqlServer server) =>
    [
        "--Coordinator:Store:Kind", "postgresql", "--Coordinator:Store:Host", "127.0.0.1", "--Coordinator:Store:Port", server.Port.ToString(CultureInfo.InvariantCulture),
        "--Coordinator:Store:Database", await server.CreateDatabaseAsync(), "--Coordinator:Store:User", "postgres",
    ];

    private async Task SweepInFlightAsync(MeasuredCoordinator coordinator)
    {
        foreach (var limit in work.InFlightLimits)
        {
            await SayAsync($"{work.Items} items, {limit} in flight");
            _inFlight.Add(SweepPoint.Of(limit, await RepeatAsync(coordinator, work.Rounds, work.Items, limit)));
        }
    }

    private async Task SweepSizesAsync(MeasuredCoordinator coordinator)
    {
        foreach (var (items, campaigns) in work.Sizes)
        {
            await SayAsync($"{items} items");
            _sizes.Add(SweepPoint.Of(items, await RepeatAsync(coordinator, campaigns, items, work.InFlight)));
        }
    }

    private async Task<List<CampaignFigures>> RepeatAsync(MeasuredCoordinator coordinator, int times, int items, int inFlight)
    {
        var campaigns = new List<CampaignFigures>();
        while (campaigns.Count < times)
        {
            campaigns.Add(await coordinator.RunAsync(items, inFlight, cancellation));
        }

        return campaigns;
    }

    private async Task CompareAsync(MeasuredCoordinator coordinator)
    {
        await SayAsync($"{work.Targets} targets, {work.FanOut} at once, and other tools");
        var ours = await coordinator.RunAsync(work.Targets, work.FanOut, cancellation);
        var seconds = ours.CreateSeconds + (ours.Items / ours.PerSecond);
        _tools.Add(new ToolResult("HostAgent", Math.Round(seconds, 2), Math.Round(ours.Items / seconds)));
        await OtherTools.RunAsync(work.Targets, work.FanOut, _tools, _missing, cancellation);
    }

    private async Task WatchAsync(ScriptedEstate estate, MeasuredCoordinator coordinator)
    {
        var watch = work.Watch;
        await SayAsync($"{watch.Watchers} watchers of {watch.Active} items in flight");
        // More than can end while it is watched: as many as in five minutes.
        var items = watch.Active + (int)(watch.Active * (TimeSpan.FromMinutes(5) / watch.Item));
        var generation = await estate.UseAsync(items, watch.Item, spread: watch.Active, watch.Percent, cancellation);
        var campaign = await coordinator.CreateAsync(estate.DocumentOf(generation, watch.Active), items, cancellation);
        await coordinator.Campaigns.StartCampaignAsync(new StartCampaignRequest { Name = campaign.Name }, cancellationToken: cancellation);
        await coordinator.UntilAsync(campaign.Name, now => now.Counts.Running >= watch.Active * 9 / 10, cancellation);
        using var lag = new WatchLag(coordinator, watch);
        _watch = await lag.MeasureAsync(campaign.Name, cancellation);
    }

    private async Task MeasureMemoryAsync()
    {
        var hosts = Math.Min(work.ListedHosts, OpenFiles.LimitHosts() ?? work.ListedHosts);
        await SayAsync($"{hosts} hosts");
        await using var estate = await ScriptedEstate.StartAsync(hosts, cancellation);
        await estate.UseAsync(0, TimeSpan.Zero, spread: 0, TimeSpan.Zero, cancellation);
        await using var coordinator = await MeasuredCoordinator.StartAsync(estate, [], cancellation);
        var connected = await coordinator.ReadMemoryAsync(cancellation);
        await coordinator.RunAsync(hosts, work.InFlight, cancellation);
        _memory = new MemoryResult(hosts, connected, await coordinator.ReadMemoryAsync(cancellation));
    }

    /// <summary>Machines go home between two hosts, each campaign over pairs of its own.</summary>
    private async Task MeasurePairsAsync()
    {
        await BringHomeAsync(Sqlite, []);
        if (PostgreSqlServer.Binaries is null)
        {
            _missing.TryAdd(PostgreSql, PostgreSqlServer.Missing);
            return;
        }

        await using var server = new PostgreSqlServer();
        await server.InitializeAsync();
        await BringHomeAsync(PostgreSql, await StoreInAsync(server));
    }

    private async Task BringHomeAsync(string store, IReadOnlyList<string> settings)
    {
        var pairs = work.Pairs;
        await SayAsync($"{pairs.Campaigns} campaigns of {pairs.Machines} machines, {pairs.Pairs} pairs of hosts each, {store}");
        await using var estate = await PairedEstate.StartAsync(pairs, cancellation);
        await using var coordinator = await MeasuredCoordinator.StartAsync(estate, settings, cancellation);
        var campaigns = await RepeatAsync(coordinator, pairs.Campaigns, pairs.Machines, pairs.Machines);
        var measured = (pairs.Campaigns + 1) / 2;
        _pairs.Add(new LoadResult(store, estate.Agents, pairs.Machines, campaigns, measured, work.WarmUp.IsSettled([.. campaigns.SkipLast(measured).Select(campaign => campaign.PerSecond)])));
    }

    private Task SayAsync(FormattableString text) => progress.WriteLineAsync(text.ToString(CultureInfo.InvariantCulture).AsMemory(), cancellation);
}
