using HostAgent.Contracts.Failback.V1;
using HostAgent.Coordinator.Drills;
using HostAgent.Coordinator.Returns;

namespace HostAgent.Coordinator.Tests.Drills;

/// <summary>The rules of a drill, over every combination of what is kept and what is shown.</summary>
public sealed class DrillDecisionTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 27, 3, 0, 0, TimeSpan.Zero);
    private static readonly Guid Test = new("00000002-0000-0000-0000-000000000002");
    private static readonly PowerState[] Powers = [PowerState.Off, PowerState.Running, PowerState.Paused, PowerState.Saved, PowerState.Starting];

    private static IEnumerable<(DrillRun Drill, DrillFacts? Facts)> All()
        => from made in (bool[])[false, true]
           from test in (Guid?[])[null, Test]
           where made || test is null
           from started in (bool[])[false, true]
           from verdict in (DrillVerdict?[])[null, DrillVerdict.Passed, DrillVerdict.Failed, DrillVerdict.EndedEarly]
           from lastFailed in (bool[])[false, true]
           from facts in (DrillFacts?[])[null, .. Shown(test)]
           select (Drill(made, test, started, verdict, lastFailed), facts);

    private static IEnumerable<DrillFacts> Shown(Guid? test)
        => from mode in (ReplicationMode[])[ReplicationMode.Replica, ReplicationMode.Primary]
           from state in (ReplicationState[])[ReplicationState.Replicating, ReplicationState.Recovered]
           from power in Powers
           from others in (string[][])[[], [Test.ToString("D").ToUpperInvariant()], ["00000003-0000-0000-0000-000000000003"]]
           from busy in (bool[])[false, true]
           from testPower in (PowerState?[])[null, .. Powers]
           select new DrillFacts(Machine(mode, state, power, others, busy), test is null ? null : testPower is { } known ? Machine(ReplicationMode.TestReplica, ReplicationState.Disabled, known, [], busy: false) : new MachineFacts { Believed = true });

    [Fact]
    public void Test_failover_is_asked_for_once_and_only_where_there_is_something_to_test()
    {
        foreach (var (drill, facts) in All().Where(pair => Steps(pair, DrillStepKind.TestFailover)))
        {
            (drill.Made, drill.Verdict, drill.TestMachine).ShouldBe((false, null, null));
            (facts!.Replica.VirtualMachine.ReplicationMode, facts.Replica.VirtualMachine.PowerState, facts.Replica.VirtualMachine.ReplicationState, facts.IsBusy)
                .ShouldBe((ReplicationMode.Replica, PowerState.Off, ReplicationState.Replicating, false));
            facts.Replica.TestMachineIds.ShouldBeEmpty("another's test machine stands in the way");
        }
    }

    [Fact]
    public void Only_the_recorded_test_machine_is_removed_and_only_with_a_verdict_and_when_it_is_off()
    {
        var removals = All().Where(pair => Steps(pair, DrillStepKind.EndTestFailover)).ToList();
        removals.ShouldNotBeEmpty();
        removals.ShouldAllBe(pair => pair.Drill.TestMachine == Test && pair.Drill.Verdict != null && pair.Facts!.Test!.VirtualMachine.PowerState == PowerState.Off);
    }

    [Fact]
    public void Nothing_ends_while_the_host_shows_the_test_machine_or_shows_nothing()
    {
        var ends = All().Where(pair => DrillDecision.Next(pair.Drill, pair.Facts, Now) is DrillNext.End).ToList();
        ends.ShouldNotBeEmpty();
        ends.ShouldAllBe(pair => pair.Drill.Verdict != null && (pair.Drill.TestMachine == null || (pair.Facts != null && pair.Facts.TestIsGone(Test))));
    }

    [Fact]
    public void With_a_verdict_nothing_is_made_or_started_any_more()
        => All().Where(pair => pair.Drill.Verdict is not null)
            .ShouldAllBe(pair => !Steps(pair, DrillStepKind.TestFailover) && !Steps(pair, DrillStepKind.StartMachine) && !Steps(pair, DrillStepKind.VerifyGuest));

    [Fact]
    public void What_is_waited_for_too_long_fails_while_nothing_is_to_be_removed_and_is_waited_for_on_otherwise()
    {
        foreach (var (drill, _) in All().Where(pair => pair.Facts is null).ToList())
        {
            var late = DrillDecision.Next(drill with { WaitingSince = Now - TimeSpan.FromMinutes(31) }, null, Now);
            (late is DrillNext.Judge { Verdict: DrillVerdict.Failed }).ShouldBe(drill.Verdict is null);
        }
    }

    private static bool Steps((DrillRun Drill, DrillFacts? Facts) pair, DrillStepKind kind) => DrillDecision.Next(pair.Drill, pair.Facts, Now) is DrillNext.Make(var made) && made == kind;

    private static DrillRun Drill(bool made, Guid? test, bool started, DrillVerdict? verdict, bool lastFailed) => new()
    {
        Uid = Guid.Empty,
        Machine = new Guid("00000001-0000-0000-0000-000000000001"),
        MachineName = "sql-01",
        Host = "dr-01",
        CreateTime = Now,
        CreatedBy = "dr-lead",
        Plan = new ReturnPlan(),
        Made = made,
        TestMachine = test,
        Started = started,
        Verdict = verdict,
        VerdictTime = verdict is null ? null : Now,
        Steps = made ? [new DrillStep(1, DrillStepKind.TestFailover, Guid.Empty, Now) { Succeeded = !lastFailed }] : [],
    };

    private static MachineFacts Machine(ReplicationMode mode, ReplicationState state, PowerState power, string[] tests, bool busy)
    {
        var facts = new MachineFacts
        {
            Believed = true,
            Present = true,
            VirtualMachine = new VirtualMachine { ReplicationMode = mode, ReplicationState = state, PowerState = power, LiveOperationId = busy ? "00000004-0000-0000-0000-000000000004" : "" },
        };
        facts.TestMachineIds.Add(tests);
        return facts;
    }
}
