using HostAgent.Failover.Tests.Model;

namespace HostAgent.Failover.Tests;

/// <summary>Whole ways, with every gate approved and nothing going wrong: the steps in their order.</summary>
public sealed class WalkTests
{
    private static readonly string[] Switch =
    [
        "approve Outage", "ShutDownGuest Recovery", "Fence Recovery", "PreparePlannedFailover Recovery", "FailOver Home", "StartMachine Home", "VerifyGuest Home",
        "approve Accept", "ReverseReplication Home", "Unfence Home", "Done Home",
    ];

    public static TheoryData<string, string> Ways => new()
    {
        { "a: home returns after an unplanned failover", "Fence Home, approve Attach, BecomeReplica Home, ReverseReplication Recovery, approve Copy, StartReplication Recovery" },
        { "a': planned failover, never reversed", "Fence Home, approve Attach, ReverseReplication Recovery" },
        { "a': the prepare was cut", "Fence Home, approve Attach, BecomeReplica Home, ReverseReplication Recovery, approve Copy, StartReplication Recovery" },
        { "J: the recovery site was reversed before home was ready", "Fence Home, approve Attach, BecomeReplica Home, approve Copy, StartReplication Recovery" },
        { "b3: a restored copy stands at home", "Fence Home, approve Attach, BecomeReplica Home, ReverseReplication Recovery, approve Copy, StartReplication Recovery" },
        { "d: home returns and believes that it is the primary", "approve Attach, BecomeReplica Home, ReverseReplication Recovery, approve Copy, StartReplication Recovery" },
        { "rest point: everything once", "" },
    };

    [Theory]
    [MemberData(nameof(Ways))]
    public void Machine_comes_home(string start, string untilRestPoint)
    {
        var (walk, end) = Walk(Scenarios.All[start]);

        walk.ShouldBe([.. untilRestPoint.Split(", ", StringSplitOptions.RemoveEmptyEntries), .. Switch]);
        walk.Count.ShouldBeLessThanOrEqualTo(25);
        end.Home.ShouldSatisfyAllConditions(
            home => home.Running.ShouldBeTrue(),
            home => home.Auto.ShouldBeTrue(),
            home => home.Content.ShouldBe(end.Recovery.Content));
        end.Recovery.ShouldSatisfyAllConditions(recovery => recovery.Running.ShouldBeFalse(), recovery => recovery.Auto.ShouldBeFalse());
    }

    [Theory]
    [InlineData("ShutDownGuest Recovery", "Unfence Recovery, StartMachine Recovery, Done RolledBack")]
    [InlineData("PreparePlannedFailover Recovery", "CancelPlannedFailover Recovery, Unfence Recovery, StartMachine Recovery, Done RolledBack")]
    [InlineData("FailOver Home", "RevertFailover Home, CancelPlannedFailover Recovery, Unfence Recovery, StartMachine Recovery, Done RolledBack")]
    [InlineData("StartMachine Home", "approve Discard, ShutDownGuest Home, RevertFailover Home, CancelPlannedFailover Recovery, Unfence Recovery, StartMachine Recovery, Done RolledBack")]
    public void Switch_is_undone_home_first(string after, string undo)
    {
        var (_, turned) = Walk(Scenarios.All["rest point: everything once"], after);
        var fenced = turned.Recovery.Auto ? undo.Replace("Unfence Recovery, ", "", StringComparison.Ordinal) : undo;

        var (walk, end) = Walk(turned with { Goal = Goal.Back, Records = turned.Records.Aims(Goal.Back) });

        walk.ShouldBe(fenced.Split(", "));
        end.Recovery.Running.ShouldBeTrue();
        end.Home.Running.ShouldBeFalse();
    }

    [Theory]
    [InlineData(Goal.ProtectOnly, "Done Protected")]
    [InlineData(Goal.Stop, "Done Stopped")]
    public void Lesser_goal_ends_where_production_runs(Goal goal, string end)
        => Walk(Scenarios.All["rest point: everything once"] with { Goal = goal }).Walk.ShouldBe([end]);

    [Fact]
    public void Protect_only_attaches_and_copies_and_takes_nothing_down()
        => Walk(Scenarios.All["a: home returns after an unplanned failover"] with { Goal = Goal.ProtectOnly }).Walk.ShouldBe(
            ["Fence Home", "approve Attach", "BecomeReplica Home", "ReverseReplication Recovery", "approve Copy", "StartReplication Recovery", "Done Protected"]);

    [Fact]
    public void Reversal_at_once_comes_before_the_start()
    {
        var spec = FailoverSpec.Default with { AcceptAfter = AcceptAfter.None };
        var (walk, _) = Walk(Scenarios.All["rest point: everything once"], spec: spec);

        walk.ShouldBe(["approve Outage", "ShutDownGuest Recovery", "Fence Recovery", "PreparePlannedFailover Recovery", "FailOver Home", "ReverseReplication Home", "StartMachine Home", "VerifyGuest Home", "Unfence Home", "Done Home"]);
    }

    private static (List<string> Walk, World End) Walk(World world, string? until = null, FailoverSpec? spec = null)
    {
        var universe = new Universe((recovery, home, records, goal, now) => FailoverDecision.Next(recovery, home, spec ?? FailoverSpec.Default, records, goal, now), new Assumptions());
        var walk = new List<string>();
        world = world with { Budget = new Budget() };
        while (world.Ended is null && walk.Count < 60)
        {
            // What happens by itself comes first, so that each step is decided on the end of the one before.
            var moves = universe.Moves(world, faults: false);
            var move = moves.Find(one => !one.Label.StartsWith("decide", StringComparison.Ordinal) && !IsOfCoordinator(one.Label)) is { Next: not null } own ? own : moves[0];
            move.Violation.ShouldBeNull(move.Label);
            world = move.Next;
            if (IsOfCoordinator(move.Label) || Enum.GetNames<StepKind>().Contains(move.Label.Split(' ')[0]))
            {
                walk.Add(move.Label);
                if (move.Label == until && world.InFlight is null && Settle(universe, ref world))
                {
                    return (walk, world);
                }
            }
        }

        return (walk, world);
    }

    private static bool IsOfCoordinator(string label) => label.StartsWith("approve", StringComparison.Ordinal) || label.StartsWith("Done", StringComparison.Ordinal);

    // The job of the last step ends, and nothing new is decided.
    private static bool Settle(Universe universe, ref World world)
    {
        while (world.Recovery.Job != Work.None || world.Home.Job != Work.None)
        {
            world = universe.Moves(world, faults: false).First(move => move.Label.StartsWith("guest off", StringComparison.Ordinal) || move.Label.StartsWith("final", StringComparison.Ordinal) || move.Label.StartsWith("copy", StringComparison.Ordinal)).Next;
        }

        return true;
    }
}
