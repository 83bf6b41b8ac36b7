namespace HostAgent.Benchmarks.Coordinator;

/// <summary>What is measured of a coordinator.</summary>
[Flags]
internal enum CoordinatorParts
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>How fast campaigns run with SQLite.</summary>
    Load = 1,

    /// <summary>What an item costs, by the limit on what is in flight.</summary>
    InFlight = 2,

    /// <summary>What an item costs, by the number of items.</summary>
    Items = 4,

    /// <summary>Other tools.</summary>
    Tools = 8,

    /// <summary>How late watchers are.</summary>
    Watchers = 16,

    /// <summary>How fast campaigns run with PostgreSQL.</summary>
    PostgreSql = 32,

    /// <summary>How fast campaigns run with many agents.</summary>
    Agents = 64,

    /// <summary>The memory that a large inventory takes.</summary>
    Hosts = 128,

    /// <summary>How fast machines go home between two hosts, with every store.</summary>
    Pairs = 256,

    /// <summary>What is measured on one coordinator with SQLite.</summary>
    OnSqlite = Load | InFlight | Items | Tools | Watchers,

    /// <summary>All of it.</summary>
    All = OnSqlite | PostgreSql | Agents | Hosts | Pairs,
}

/// <summary>How much is asked of the coordinator.</summary>
internal sealed record CoordinatorWork
{
    public static readonly CoordinatorWork Default = new();

    public static readonly CoordinatorWork Quick = new()
    {
        Agents = 4,
        ManyAgents = 6,
        ListedHosts = 8,
        Items = 40,
        InFlight = 10,
        WarmUp = WarmUp.None,
        Rounds = 1,
        InFlightLimits = [2, 10],
        Sizes = [(20, 1), (60, 1)],
        Watch = new WatchWork(Watchers: 3, Active: 20, Item: TimeSpan.FromSeconds(4), Percent: TimeSpan.FromSeconds(1), Settle: TimeSpan.Zero, Window: TimeSpan.FromSeconds(2)),
        Targets = 8,
        FanOut = 4,
        Pairs = new PairWork(Pairs: 1, MachinesPerPair: 3, Campaigns: 2),
    };

    /// <summary>How many agents there are, one for each host.</summary>
    public int Agents { get; init; } = 500;

    /// <summary>How many there are where many are wanted.</summary>
    public int ManyAgents { get; init; } = 5_000;

    /// <summary>How many hosts the largest inventory lists, every one with an agent that answers.</summary>
    public int ListedHosts { get; init; } = 10_000;

    /// <summary>The items of a campaign.</summary>
    public int Items { get; init; } = 5_000;

    /// <summary>How many of them may be in flight.</summary>
    public int InFlight { get; init; } = 1_000;

    /// <summary>When a coordinator that runs one campaign after another has warmed up.</summary>
    public WarmUp WarmUp { get; init; } = new(Least: 4, Most: 12, Band: 0.05);

    /// <summary>How many campaigns are measured after that.</summary>
    public int Rounds { get; init; } = 3;

    /// <summary>The limits on what is in flight whose costs are compared.</summary>
    public IReadOnlyList<int> InFlightLimits { get; init; } = [10, 100, 1_000, 5_000];

    /// <summary>The sizes of campaigns whose costs are compared, and how many of each are run.</summary>
    public IReadOnlyList<(int Items, int Campaigns)> Sizes { get; init; } = [(1_000, 5), (10_000, 3), (100_000, 1)];

    /// <summary>What is watched, and by how many.</summary>
    public WatchWork Watch { get; init; } = new(
        Watchers: 1_000, Active: 5_000, Item: TimeSpan.FromSeconds(500), Percent: TimeSpan.FromSeconds(60), Settle: TimeSpan.FromSeconds(10), Window: TimeSpan.FromSeconds(20));

    /// <summary>How many trivial things other tools do as well.</summary>
    public int Targets { get; init; } = 500;

    /// <summary>How many of them at once.</summary>
    public int FanOut { get; init; } = 50;

    /// <summary>What goes home between two hosts.</summary>
    public PairWork Pairs { get; init; } = new(Pairs: 10, MachinesPerPair: 50, Campaigns: 4);
}

/// <summary>Campaigns of machines that go home host to host. All of them are in flight at once.</summary>
/// <param name="Pairs">How many pairs of hosts each campaign has, its own.</param>
/// <param name="MachinesPerPair">How many machines each pair has.</param>
/// <param name="Campaigns">How many of them one coordinator runs, one after the other; the later half is measured.</param>
internal sealed record PairWork(int Pairs, int MachinesPerPair, int Campaigns)
{
    /// <summary>How many machines a campaign has.</summary>
    public int Machines => Pairs * MachinesPerPair;
}

/// <summary>A campaign that is watched while it runs.</summary>
/// <param name="Watchers">By how many callers.</param>
/// <param name="Active">How many items are in flight all the time.</param>
/// <param name="Item">How long an item takes; the first ones end evenly spread over this time, and each is followed by the next.</param>
/// <param name="Percent">How often each item in flight advances by one percent.</param>
/// <param name="Settle">How long nothing is measured after the last watcher has the whole campaign.</param>
/// <param name="Window">How long is measured.</param>
internal sealed record WatchWork(int Watchers, int Active, TimeSpan Item, TimeSpan Percent, TimeSpan Settle, TimeSpan Window);
