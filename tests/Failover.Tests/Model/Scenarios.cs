using HostAgent.HyperV.Replication;

namespace HostAgent.Failover.Tests.Model;

/// <summary>Where an exploration begins: the pairs that a site finds after a disaster, and what may go wrong from there.</summary>
internal static class Scenarios
{
    private static readonly Budget Usual = new() { Crashes = 1, ServiceRestarts = 1, Cuts = 1, Hands = 1, Answers = 1, Halves = 1, Writes = 1, Unhealthy = 1 };

    private static readonly World HomeLost = Pair(
        new ModelHost { Mode = ReplicationMode.Replica, State = ReplicationState.Recovered, Running = true, Auto = true, Content = 0b001, Starts = 1, FailedOver = ReplicationType.Regular, LastType = ReplicationType.Regular },
        new ModelHost { Mode = ReplicationMode.Primary, State = ReplicationState.WaitingForStartResynchronize, Auto = true, Content = 0b011, Starts = 1, Stops = 1, StopCause = StopCause.HostDown });

    private static readonly World RestPoint = Pair(
        new ModelHost { Mode = ReplicationMode.Primary, State = ReplicationState.Replicating, Running = true, Auto = true, Content = 0b001, Starts = 1 },
        new ModelHost { Mode = ReplicationMode.Replica, State = ReplicationState.Replicating, Content = 0b001, LastType = ReplicationType.Regular, LastReplication = 1, Stops = 1 });

    private static readonly World CutPrepare = Pair(
        new ModelHost { Mode = ReplicationMode.Replica, State = ReplicationState.Recovered, Running = true, Auto = true, Content = 0b001, Starts = 1, FailedOver = ReplicationType.Regular, LastType = ReplicationType.Regular },
        new ModelHost { Mode = ReplicationMode.Primary, State = ReplicationState.SyncedReplicationComplete, Auto = true, Content = 0b011, Starts = 1, Stops = 1, StopCause = StopCause.ShutDown });

    /// <summary>Every start, by its name.</summary>
    public static IReadOnlyDictionary<string, World> All { get; } = new Dictionary<string, World>(StringComparer.Ordinal)
    {
        ["a: home returns after an unplanned failover"] = HomeLost with { Budget = Usual },
        ["a: two crashes"] = HomeLost with { Budget = new Budget { Crashes = 2, Answers = 1, Writes = 1 } },
        ["a: services restart, persons, take-over"] = HomeLost with { Budget = new Budget { ServiceRestarts = 2, Hands = 1, TakeOvers = 1, Writes = 1 } },
        ["a': planned failover, never reversed"] = CutPrepare with
        {
            Budget = Usual,
            Recovery = CutPrepare.Recovery with { Content = 0b011, FailedOver = ReplicationType.Planned, LastType = ReplicationType.Planned },
        },
        ["a': the prepare was cut"] = CutPrepare with { Budget = Usual },
        ["J: the recovery site was reversed before home was ready"] = HomeLost with
        {
            Budget = Usual,
            Recovery = HomeLost.Recovery with { Mode = ReplicationMode.Primary, State = ReplicationState.Ready, FailedOver = ReplicationType.None },
        },
        ["b3: a restored copy stands at home"] = HomeLost with { Budget = Usual, Home = HomeLost.Home with { Mode = ReplicationMode.None, State = ReplicationState.Disabled } },
        ["d: home returns and believes that it is the primary"] = HomeLost with { Budget = new Budget { Crashes = 1, Answers = 2, Writes = 1, Hands = 1 }, Home = HomeLost.Home with { Up = false } },
        ["rest point: everything once"] = RestPoint with { Budget = Usual },
        ["rest point: two crashes, two answers"] = RestPoint with { Budget = new Budget { Crashes = 2, Answers = 2, Writes = 1 } },
        ["rest point: two persons"] = RestPoint with { Budget = new Budget { Hands = 2, Answers = 1, Writes = 2, ServiceRestarts = 1 } },
        ["rest point: a guest that goes down late"] = RestPoint with { Budget = new Budget { LateGuests = 1, Hands = 2, Answers = 2, Writes = 1 } },
        ["rest point: take-overs"] = RestPoint with { Budget = new Budget { TakeOvers = 2, Hands = 2, Crashes = 1, Writes = 1 } },
        ["rest point: half reversals"] = RestPoint with { Budget = new Budget { Halves = 2, Crashes = 1, Answers = 2, Writes = 1 } },
        // The way there is the rest point with the names of the sites changed; the way back begins with what it has left: planned changes that were the last once.
        ["g: the way back of a planned drill"] = RestPoint with
        {
            Budget = Usual,
            Recovery = RestPoint.Recovery with { LastType = ReplicationType.Planned, LastReplication = 1 },
            Home = RestPoint.Home with { Starts = 1, StopCause = StopCause.ShutDown, LastType = ReplicationType.Planned },
        },
        ["second disaster: home runs, protected"] = Pair(
            new ModelHost { Mode = ReplicationMode.Replica, State = ReplicationState.Replicating, Content = 0b001, Starts = 1, Stops = 1, LastType = ReplicationType.Regular, LastReplication = 1 },
            new ModelHost { Mode = ReplicationMode.Primary, State = ReplicationState.Replicating, Running = true, Content = 0b001, Starts = 1 }) with
        {
            Budget = new Budget { Crashes = 2, Hands = 2, Answers = 2, Writes = 1 },
        },
        ["the recovery site was failed over and never started"] = HomeLost with
        {
            Budget = new Budget { Crashes = 1, Answers = 2, Hands = 1 },
            Recovery = HomeLost.Recovery with { Running = false, Auto = false, Stops = 1 },
            Home = HomeLost.Home with { StopCause = StopCause.ShutDown },
        },
    };

    // What both sites hold at the start and the recovery site has is owed; a tail at home that was never sent is lost to the business already, and owed until it is given up.
    private static World Pair(ModelHost recovery, ModelHost home) => new() { Recovery = recovery, Home = home, Budget = new Budget(), Owed = recovery.Content | home.Content, Line = recovery.Running ? recovery.Content : home.Content };
}
