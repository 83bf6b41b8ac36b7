using System.Data.Common;
using System.Globalization;
using Grpc.Core;
using HostAgent.Audit;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Faults.Histories;
using HostAgent.Faults.Rows;
using HostAgent.HyperV.Simulation;
using HostAgent.HyperV.Simulation.Estates;
using HostAgent.Tests.Shared;
using HostAgent.Tests.Shared.Processes;
using Microsoft.Data.Sqlite;

namespace HostAgent.Faults.Running;

/// <summary>What a run has left behind.</summary>
/// <param name="Plan">The faults that the seed had decided on.</param>
/// <param name="Histories">The history of each campaign.</param>
/// <param name="Outputs">What each process has written, by its name.</param>
internal sealed record RunResult(IReadOnlyList<PlannedStrike> Plan, IReadOnlyList<History> Histories, IReadOnlyDictionary<string, string> Outputs);

/// <summary>One seed of one row: starts the processes, runs the campaigns, breaks what the seed says, and collects everything that happened.</summary>
internal sealed class SeedRun(FaultRow row, int seed, Func<Task<PostgreSqlServer>> findDatabase)
{
    private static readonly TimeSpan Afterwards = TimeSpan.FromSeconds(15);
    private static readonly string[] WatcherNames = ["watcher 1", "watcher 2", "watcher 3"];

    /// <summary>Runs it.</summary>
    /// <param name="adapt">Changes what the row starts with: a planted bug; null for nothing.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<RunResult> RunAsync(Func<Setup, Setup>? adapt, CancellationToken cancellationToken)
    {
        var (setup, plan) = row.Decide(seed);
        setup = adapt?.Invoke(setup) ?? setup;
        using var files = new RunFiles();
        var database = setup.IsOnPostgreSql ? await findDatabase() : null;
        var databaseName = database is null ? null : await database.CreateDatabaseAsync();
        List<FaultProxy> wires = [];
        if (databaseName is not null)
        {
            // Each of several coordinators has a way of its own to the database, which can be cut.
            wires.AddRange(Enumerable.Range(0, setup.Coordinators > 1 ? setup.Coordinators : 0).Select(_ => FaultProxy.To(new Uri($"https://127.0.0.1:{database!.Port}"), seed)));
            var store = await files.StoreArgumentsAsync(databaseName);
            setup = setup with
            {
                Servers = setup.Servers with { CoordinatorArguments = wires.Count == 0 ? [.. store, .. PortOf(database!.Port)] : [.. store, "--standby", "true", .. PortOf(wires[0].Address.Port)] },
            };
        }

        var cluster = await Cluster.StartAsync(setup.Estate, setup.Speed, setup.Servers with { Seed = seed });
        var nodes = wires.Count > 0 ? CoordinatorNodes.Start(cluster, wires, wire => PortOf(wire.Address.Port)) : null;
        await using var theatre = new Theatre(setup, cluster, await OpenPairsAsync(setup, cluster, cancellationToken), database, nodes);
        await using var downs = new PairWatch(theatre.Pairs);
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bound.CancelAfter(setup.Bound);
        downs.Start();
        foreach (var relay in cluster.Relays.Values)
        {
            relay.Fault = setup.Wire;
        }

        // Who waits for a process to end has begun before the process is given anything to do.
        var beside = Task.WhenAll(plan.Where(strike => strike.RunsBeside).Select(strike => StrikeAsync(theatre, [strike], ended.Token)));
        var person = new Operator(theatre);
        await person.CreateAsync(bound.Token);
        var watchers = setup.Campaigns.SelectMany(campaign => WatcherNames.Select((name, number) => (Campaign: campaign, Watcher: new Watcher(theatre, name, number, campaign.Name)))).ToList();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var watching = Task.WhenAll(watchers.Select(one => one.Watcher.WatchAsync(patience.Token)));
        var striking = StrikeAsync(theatre, [.. plan.Where(strike => !strike.RunsBeside)], ended.Token);
        var hasEnded = await person.ToTheEndAsync(bound.Token);
        await ended.CancelAsync();
        await Task.WhenAll(striking, beside);
        patience.CancelAfter(Afterwards);
        await watching;
        await downs.EndAsync();

        var histories = new List<History>();
        async Task<DbConnection> OpenStore() => databaseName is not null ? await database!.OpenAsync(databaseName) : await OpenSqliteAsync(theatre.Store, cancellationToken);
        foreach (var campaign in setup.Campaigns)
        {
            histories.Add(await CollectAsync(theatre, campaign, OpenStore, cancellationToken) with
            {
                HasEnded = hasEnded,
                Strikes = [.. theatre.Strikes.OrderBy(strike => strike.Begin)],
                MostDown = campaign.IsHostToHost ? downs.MostDown : 0,
                Sightings = [.. watchers.Where(one => one.Campaign == campaign).SelectMany(one => one.Watcher.Seen)],
            });
        }

        if (setup.UnseenAfter is { } kept && !histories.Exists(history => history.Strikes.Any(strike => HasUnseenEnd(history, strike, kept))))
        {
            throw new InvalidOperationException("No job ended and was removed while nobody looked: the run shows nothing.");
        }

        var outputs = cluster.Agents.ToDictionary(agent => $"agent-{agent.Key}", agent => agent.Value.Output, StringComparer.Ordinal);
        for (var index = 0; index < theatre.Coordinators.Count; index++)
        {
            outputs[$"coordinator-{index + 1}"] = theatre.Coordinators[index].Output;
        }

        return new RunResult(plan, histories, outputs);
    }

    private static bool HasUnseenEnd(History history, Strike strike, TimeSpan kept)
        => history.Effects.Any(effect => effect.Host == strike.Host && effect.End > strike.Begin && effect.End < strike.End - kept);

    private static string[] PortOf(int port) => ["--Coordinator:Store:Port", port.ToString(CultureInfo.InvariantCulture)];

    private static async Task<IReadOnlyList<SimulatedPair>> OpenPairsAsync(Setup setup, Cluster cluster, CancellationToken cancellationToken)
    {
        var pairs = new List<SimulatedPair>();
        foreach (var pair in setup.Estate.Pairs)
        {
            pairs.Add(await SimulatedPair.OpenAsync(
                setup.Estate, pair, new SimulationOptions { PairDirectory = setup.Estate.StateDirectoryOf(cluster.EstateFile), Speed = setup.Speed }, TimeProvider.System, cancellationToken));
        }

        return pairs;
    }

    private static async Task StrikeAsync(Theatre theatre, IReadOnlyList<PlannedStrike> plan, CancellationToken ended)
    {
        var begin = TimeProvider.System.GetTimestamp();
        foreach (var strike in plan.OrderBy(strike => strike.After))
        {
            try
            {
                var wait = strike.After - TimeProvider.System.GetElapsedTime(begin);
                await Task.Delay(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, ended);
                await strike.StrikeAsync(theatre, ended);
            }
            catch (OperationCanceledException) when (ended.IsCancellationRequested)
            {
                // The campaigns ended before it was due, or before its end.
                break;
            }
        }
    }

    private static async Task<History> CollectAsync(Theatre theatre, CampaignSetup campaign, Func<Task<DbConnection>> openStore, CancellationToken cancellationToken)
    {
        await using var store = await openStore();
        var (uid, read) = await StoreReader.ReadAsync(store, campaign.Id, cancellationToken);
        var trueTimes = Controls.ReadTrueTimes(theatre.CoordinatorData, uid);
        var stored = trueTimes.Count == 0 ? read : [.. read.Select(one => one with { Time = trueTimes[one.Version], OwnTime = one.Time })];
        var effects = new List<Effect>();
        var paired = theatre.Setup.Estate.Pairs.SelectMany(pair => new[] { pair.Home, pair.Recovery }).ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var host in theatre.Setup.Estate.Hosts.Where(host => !paired.Contains(host.Name)))
        {
            effects.AddRange(await HostLog.ReadAsync(host.Name, Path.Combine(theatre.Cluster.DataOf(host.Name), $"{host.Name}.simulation"), cancellationToken));
        }

        var machines = stored.Where(one => one.Fact == Fact.Planned).ToDictionary(one => one.Machine, one => one.Item!);
        return new History
        {
            Campaign = campaign.Name,
            Allowed = campaign.Allowed,
            IsHostToHost = campaign.IsHostToHost,
            UnreachableAfter = campaign.UnreachableAfter,
            Stored = stored,
            Effects = [.. effects.Where(effect => machines.ContainsKey(effect.Machine))],
            Answers = theatre.Answers,
            Shown = await ShownAsync(theatre, campaign, cancellationToken),
            Pairs = campaign.IsHostToHost ? [.. PairsOf(theatre, machines)] : [],
            AuditFinding = await AuditAsync(theatre, campaign, cancellationToken),
        };
    }

    private static async Task<DbConnection> OpenSqliteAsync(string path, CancellationToken cancellationToken)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadWrite, Pooling = false }.ToString());
        await connection.OpenAsync(cancellationToken);
        return connection;
    }

    private static async Task<IReadOnlyList<ShownItem>> ShownAsync(Theatre theatre, CampaignSetup campaign, CancellationToken cancellationToken)
        => [.. (await theatre.ItemsAsync(campaign, cancellationToken)).Select(item => new ShownItem(item.Name[(item.Name.LastIndexOf('/') + 1)..], item.VirtualMachineName, item.State.ToString(), item.Explanation))];

    private static IEnumerable<PairEnd> PairsOf(Theatre theatre, Dictionary<Guid, string> machines) => theatre.Pairs
        .SelectMany(pair => pair.Second.Description.VirtualMachines.Where(machine => machines.ContainsKey(machine.Id)).Select(machine => (machine.Name, machine.Id, Content: pair.Compare(machine.Id))))
        .Select(machine => new PairEnd(
            machines[machine.Id],
            machine.Name,
            machine.Content.FirstRuns,
            machine.Content.BothRan,
            machine.Content.FirstLacks,
            machine.Content.FirstIsMixed,
            machine.Content.FirstRunCount,
            machine.Content.SecondRunCount));

    private static async Task<string?> AuditAsync(Theatre theatre, CampaignSetup campaign, CancellationToken cancellationToken)
    {
        var verifier = new AuditVerifier(campaign.Name);
        using var call = theatre.Campaigns.ExportAudit(new ExportAuditRequest { Name = campaign.Name }, cancellationToken: cancellationToken);
        await foreach (var record in call.ResponseStream.ReadAllAsync(cancellationToken))
        {
            if (verifier.Take(record) is { } finding)
            {
                return finding;
            }
        }

        return verifier.Records > 0 ? null : "it has no record";
    }
}

/// <summary>Files that a run needs beside those of its processes.</summary>
internal sealed class RunFiles : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("failback-faults-");

    /// <summary>The coordinator's arguments for a store in PostgreSQL.</summary>
    public async Task<IReadOnlyList<string>> StoreArgumentsAsync(string database)
    {
        var password = Path.Combine(_directory.FullName, "password");
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        await using (var file = new StreamWriter(password, options))
        {
            await file.WriteAsync(PostgreSqlServer.Password);
        }

        return
        [
            "--Coordinator:Store:Kind", "postgresql", "--Coordinator:Store:Host", "127.0.0.1", "--Coordinator:Store:Database", database, "--Coordinator:Store:PasswordFile", password,
        ];
    }

    public void Dispose() => _directory.Delete(recursive: true);
}
