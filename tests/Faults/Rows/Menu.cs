using HostAgent.Faults.Running;
using HostAgent.Tests.Shared;
using HostAgent.Tests.Shared.Processes;

namespace HostAgent.Faults.Rows;

/// <summary>The menu of faults. Numbers are fixed.</summary>
internal static class Menu
{
    /// <summary>The program of the servers with faults built in.</summary>
    public const string FaultyServers = "HostAgent.FaultyServers.dll";

    /// <summary>The row that needs a database.</summary>
    public const int DatabaseRow = 4;

    /// <summary>The row with several coordinators, which need a database too.</summary>
    public const int NodesRow = 25;

    private static readonly TimeSpan Longest = TimeSpan.FromHours(2);
    private static readonly string[] AgentPoints = ["BeforeIntent", "BeforeCall", "AfterCall", "JobAtWork", "BeforeConclusion"];
    private static readonly WireFault[] Cuts = [WireFault.LosesBoth, WireFault.LosesAnswers, WireFault.LosesRequests, WireFault.Holds, WireFault.Delays, WireFault.IsLossy, WireFault.Truncates];

    /// <summary>Why nothing can be run that needs a database; null when it can.</summary>
    internal static readonly string? NoPostgreSql = PostgreSqlServer.Binaries is null ? PostgreSqlServer.Missing : null;

    /// <summary>Why nothing can be run that needs signals; null when it can.</summary>
    internal static readonly string? NoSignals = OperatingSystem.IsWindows() ? "Windows has no SIGSTOP and no prlimit." : null;

    /// <summary>All rows, in the order of their numbers.</summary>
    public static IReadOnlyList<FaultRow> Rows { get; } =
    [
        new(1, "agent killed before its intent, before the call, after the call, in mid-job, after the job's end", [.. AgentPoints.Select(AgentKilledAt)]),
        new(2, "coordinator killed at step boundaries and at any moment", [CoordinatorKilledAtBoundaries("BeforeAppend"), CoordinatorKilledAtBoundaries("AfterAppend"), Returns("at any moment, host to host", (setup, random) => random.Series(4, 1500, 6000, random.KillCoordinator)), CoordinatorKilledInLongJobs]),
        new(3, "coordinator stopped for longer than anybody waits, then woken", [Failbacks("woken alone", (setup, random) => random.Series(1, 800, 3000, after => random.FreezeCoordinator(after, 5000, 20_000))), CoordinatorReplaced]) { WhyNot = () => NoSignals },
        new(DatabaseRow, "PostgreSQL crashes and comes back", [DatabaseCrashes]) { WhyNot = () => NoPostgreSql },
        new(5, "connections reset, half-open, one-way, 500 ms late, 30 % lost, truncated", [
            Failbacks("failback calls", (setup, random) => random.Series(4, 300, 2500, after => random.Next(4) == 0 ? random.ResetWire(setup, after) : random.BreakWire(setup, after, Cuts))),
            Returns("host to host", (setup, random) => random.Series(5, 1000, 5000, after => random.Next(4) == 0 ? random.ResetWire(setup, after) : random.BreakWire(setup, after, Cuts)))]),
        new(6, "answers lost after the host accepted", [
            Failbacks("failback calls", (setup, random) => random.Series(3, 200, 2500, after => random.BreakWire(setup, after, [WireFault.LosesAnswers], 2500))),
            Failbacks("and the agent killed", (setup, random) => [.. random.Series(2, 200, 2500, after => random.BreakWire(setup, after, [WireFault.LosesAnswers], 2500)), .. random.Series(2, 600, 3000, after => random.KillAgent(setup, after))]),
            Returns("host to host", (setup, random) => random.Series(4, 800, 5000, after => random.BreakWire(setup, after, [WireFault.LosesAnswers], 2500)))]),
        new(7, "requests late and delivered twice", [
            Failbacks("failback calls", (setup, random) => random.Series(4, 200, 2000, after => random.Next(2) == 0 ? random.ResetWire(setup, after) : random.BreakWire(setup, after, [WireFault.Holds, WireFault.Delays], 4000)))]),
        new(8, "jobs vanish in mid-job, and all of a host with its management service", [SimulatorRows.VanishedJobs, SimulatorRows.HostRestarts, SimulatorRows.VanishedJobsAndJournal]),
        new(9, "job ended and removed while nobody looked", [SimulatorRows.EndsWithoutAgent, SimulatorRows.EndsOnSilentHost]),
        new(10, "jobs stuck, jumping, going back, ending in every state", [SimulatorRows.Jobs, SimulatorRows.Steps]),
        new(11, "every return code, and an unknown one", [SimulatorRows.ReturnCodes]),
        new(12, "events lost or late, queries slow", [SimulatorRows.Events]),
        new(13, "machine leaves in mid-job and comes back, is renamed", [SimulatorRows.Machines]),
        new(14, "recovery points gone between plan and call", [SimulatorRows.RecoveryPoints]),
        new(15, "somebody else works on the machine", [SimulatorRows.OtherCallers]),
        new(16, "clocks set by ten minutes", [ClockRows.OfCoordinator, ClockRows.OfAgents, ClockRows.OfAll, ClockRows.OfReturns, ClockRows.BackByAnAbsence]),
        new(17, "disk of the coordinator full; journal truncated, damaged or gone", [FullDisk, DamagedJournal]) { WhyNot = () => NoSignals },
        new(18, "certificates renewed in mid-stream; wrong authority, wrong role, none", [Hostile.Certificates]),
        new(19, "a hundred watchers, one that never reads, abandoned streams, malformed bytes", [Hostile.Crowd]),
        new(20, "hostile documents and names", [Hostile.Documents]),
        Upgrades.Row,
        new(22, "coordinator restarted by its service manager, again and again", [
            Failbacks("failback calls", (setup, random) => random.Series(3, 300, 2500, random.RestartCoordinator)),
            Returns("host to host", (setup, random) => random.Series(3, 1000, 6000, random.RestartCoordinator))]),
        new(23, "agent away in the middle of its items, then back", [
            Failbacks("killed", (setup, random) => random.Series(1, 500, 2500, after => random.KillAgent(setup, after, 25_000))),
            Failbacks("out of reach", (setup, random) => random.Series(1, 500, 2500, after => random.BreakWire(setup, after, [WireFault.LosesBoth], 25_000)))]),
        new(24, "everything at once", [Everything]) { WhyNot = () => NoSignals },
        new(NodesRow, "of three coordinators of one database, the one at work killed, stopped in its tracks, restarted, cut off", [
            Standing("killed", seed => Scenes.Failbacks(seed), (_, random) => random.Series(3, 1000, 6000, after => random.EndNode("KILL", after))),
            Standing("stopped in its tracks", seed => Scenes.Failbacks(seed), (_, random) => random.Series(2, 1000, 4000, random.FreezeNode)),
            Standing("cut off from the database", seed => Scenes.Failbacks(seed), (_, random) => random.Series(2, 1000, 4000, random.CutNodeOff)),
            Standing("restarted by its service manager", seed => Scenes.Failbacks(seed), (_, random) => random.Series(3, 1000, 4000, after => random.EndNode("TERM", after))),
            Standing("killed, host to host", seed => Scenes.Returns(seed), (_, random) => random.Series(4, 1500, 6000, after => random.EndNode("KILL", after))),
            Standing("everything at once", Scenes.Both, (setup, random) => random.Series(8, 500, 4000, after => random.Next(7) switch
            {
                0 => random.EndNode("KILL", after),
                1 => random.EndNode("TERM", after),
                2 => random.FreezeNode(after),
                3 => random.CutNodeOff(after),
                4 => random.KillAgent(setup, after),
                5 => random.ResetWire(setup, after),
                _ => random.CrashDatabase(after),
            }))]) { WhyNot = () => NoPostgreSql ?? NoSignals },
    ];

    /// <summary>The row with several coordinators at a size of its own: until the campaign has ended, the one at work is struck again and again, at moments of which nobody knows.</summary>
    public static FaultRow NodesOf(EstateSize size)
    {
        IReadOnlyList<FaultVariant> variants =
        [
            Standing("host to host", seed => Scenes.Returns(seed, size) with { Bound = Longest }, Struck),
            Standing("failback calls", seed => Scenes.Failbacks(seed, size: size) with { Bound = Longest }, Struck),
        ];
        var title = $"of three coordinators of one database, with {size.Hosts} hosts and {size.Hosts * size.Machines} machines, the one at work killed and stopped in its tracks to the end";
        return new FaultRow(NodesRow, title, variants) { WhyNot = () => NoPostgreSql ?? NoSignals };

        // More than there is time for: what is still to come when the campaign ends is left out.
        static IReadOnlyList<PlannedStrike> Struck(Setup setup, Random random) => random.Series(1000, 2000, 20_000, after => random.Next(4) == 0 ? random.FreezeNode(after) : random.EndNode("KILL", after));
    }

    private static FaultVariant Failbacks(string name, Func<Setup, Random, IReadOnlyList<PlannedStrike>> plan) => new(name, (seed, random) =>
    {
        var setup = Scenes.Failbacks(seed);
        return (setup, plan(setup, random));
    });

    private static FaultVariant Returns(string name, Func<Setup, Random, IReadOnlyList<PlannedStrike>> plan) => new(name, (seed, random) =>
    {
        var setup = Scenes.Returns(seed);
        return (setup, plan(setup, random));
    });

    private static FaultVariant Standing(string name, Func<int, Setup> scene, Func<Setup, Random, IReadOnlyList<PlannedStrike>> plan) => new(name, (seed, random) =>
    {
        var setup = scene(seed) with { IsOnPostgreSql = true, Coordinators = 3 };
        return (setup, plan(setup, random));
    });

    private static FaultVariant AgentKilledAt(string point) => new(point, (seed, random) =>
    {
        var setup = Scenes.Failbacks(seed);
        var arrivals = Enumerable.Range(0, 3).Select(_ => random.Next(1, 4)).ToList();
        var strikes = setup.Estate.Hosts.Select(host =>
        {
            var downs = arrivals.Select(_ => random.Time(50, 1500)).ToList();
            return new PlannedStrike(
                TimeSpan.Zero, $"the agent of {host.Name} kills itself {point}, arrivals {string.Join(", ", arrivals)}", (theatre, ended) => theatre.ReviveAsync($"agent of {host.Name}", host.Name, theatre.Cluster.Agents[host.Name], downs, ended))
            { RunsBeside = true };
        }).ToList();
        return (setup with { Servers = setup.Servers with { Agent = Mortal(point, arrivals) } }, strikes);
    });

    private static FaultVariant CoordinatorKilledAtBoundaries(string point) => new(point, (seed, random) =>
    {
        var setup = Scenes.Failbacks(seed);
        // The first writes are those of the creation; every later life begins with taking over.
        var arrivals = Enumerable.Range(0, 4).Select(life => life == 0 ? random.Next(1, 25) : random.Next(2, 14)).ToList();
        var downs = arrivals.Select(_ => random.Time(50, 800)).ToList();
        return (setup with { Servers = setup.Servers with { Coordinator = Mortal(point, arrivals) } }, [new PlannedStrike(
            TimeSpan.Zero, $"the coordinator kills itself {point}, arrivals {string.Join(", ", arrivals)}", (theatre, ended) => theatre.ReviveAsync("coordinator", null, theatre.Cluster.Coordinator, downs, ended)) { RunsBeside = true }]);
    });

    // Percentages have time to grow, and most of those that were shown are not stored yet.
    private static FaultVariant CoordinatorKilledInLongJobs => new("in the middle of long jobs", (seed, random) =>
        (Scenes.Failbacks(seed) with { Speed = 30 }, random.Series(5, 3000, 9000, random.KillCoordinator)));

    // One death in each of its first lives.
    private static ServerSettings Mortal(string point, IReadOnlyList<int> arrivals) => ServerSettings.Plain with
    {
        Assembly = FaultyServers,
        Before = life => life < arrivals.Count ? ["--kill-at", FormattableString.Invariant($"{point}:{arrivals[life]}"), "--"] : ["--"],
    };

    private static FaultVariant CoordinatorReplaced => Failbacks("fenced off by a copy that took over", (setup, random) =>
        [new PlannedStrike(random.Time(800, 2500), "stop the coordinator, let a copy take over and pause, wake the first", (theatre, ended) => theatre.ReplaceCoordinatorAsync(ended))]);

    private static FaultVariant DatabaseCrashes => new("crash", (seed, random) =>
    {
        var setup = Scenes.Failbacks(seed) with { IsOnPostgreSql = true };
        return (setup, random.Series(2, 500, 3000, after => random.Next(3) == 0 ? random.KillCoordinator(after) : random.CrashDatabase(after)));
    });

    private static FaultVariant FullDisk => new("full disk", (seed, random) =>
    {
        var setup = Scenes.Failbacks(seed);
        return (setup with { Servers = setup.Servers with { Coordinator = ServerSettings.Plain with { SurvivesFullDisk = true } } }, random.Series(2, 500, 2500, after =>
        {
            var time = random.Time(300, 3000);
            return new PlannedStrike(after, FormattableString.Invariant($"disk of the coordinator full for {time.TotalMilliseconds:0} ms"), (theatre, _) => theatre.FillDiskAsync(time));
        }));
    });

    private static FaultVariant DamagedJournal => Failbacks("damaged journal", (setup, random) =>
    {
        var (host, damage, where) = (random.One(setup.Estate.Hosts).Name, random.Next(3), random.NextDouble());
        var what = (string[])["truncated", "damaged", "gone"];
        return [new PlannedStrike(random.Time(600, 3000), FormattableString.Invariant($"kill the agent of {host}; its journal is {what[damage]} at {where:0.000}"), (theatre, _) => theatre.KillAgentAsync(host, TimeSpan.FromMilliseconds(100), () => Damage.Journal(theatre.Cluster.DataOf(host), damage, where)))];
    });

    private static FaultVariant Everything => new("mix", (seed, random) =>
    {
        var setup = Scenes.Both(seed);
        return (setup, random.Series(12, 500, 4000, after => random.Next(9) switch
        {
            0 or 1 => random.KillCoordinator(after),
            2 or 3 => random.KillAgent(setup, after),
            4 => random.FreezeCoordinator(after, 500, 6000),
            5 => random.FreezeAgent(setup, after),
            6 => random.BreakWire(setup, after, Cuts),
            7 => random.ResetWire(setup, after),
            _ => random.CutLink(after),
        }));
    });
}

/// <summary>Damage to files.</summary>
internal static class Damage
{
    /// <summary>Damages the journal of an agent that does not run.</summary>
    /// <param name="data">The agent's data directory.</param>
    /// <param name="how">0 cuts it off, 1 flips a bit, 2 deletes it.</param>
    /// <param name="where">Where, from 0 to 1.</param>
    public static void Journal(string data, int how, double where)
    {
        foreach (var path in Directory.GetFiles(data, "journal*").Where(path => how == 2 || path.EndsWith(".db", StringComparison.Ordinal)))
        {
            if (how == 2)
            {
                File.Delete(path);
                continue;
            }

            using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite);
            var at = (long)(where * (file.Length - 1));
            if (how == 0)
            {
                file.SetLength(at);
                continue;
            }

            file.Position = at;
            var value = file.ReadByte();
            file.Position = at;
            file.WriteByte((byte)(value ^ 0x10));
        }
    }
}
