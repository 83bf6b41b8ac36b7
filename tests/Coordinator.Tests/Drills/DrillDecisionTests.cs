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

    // The same on a switch, of every kind, with the test machine's adapters at it or not.
    private static IEnumerable<(DrillRun Drill, DrillFacts? Facts)> AllOnASwitch()
        => from pair in All()
           where pair.Facts is null || pair.Facts.Replica.VirtualMachine.PowerState == PowerState.Off
           from kind in (SwitchKind?[])[null, .. Enum.GetValues<SwitchKind>()]
           from at in (string[])["", "isolated", "vSwitch"]
           select (pair.Drill with { Switch = "Isolated" }, pair.Facts is { } facts ? OnASwitch(facts, kind, at) : null);

    private static DrillFacts OnASwitch(DrillFacts facts, SwitchKind? kind, string at)
    {
        var shown = new DrillFacts(facts.Replica.Clone(), facts.Test?.Clone());
        shown.Replica.VirtualSwitch = kind is { } known ? new HostSwitch { Name = "Isolated", Kind = known, Observed = $"It is {known}." } : null;
        shown.Test?.NetworkAdapters.Add(new MachineAdapter { Id = "first", Name = "lan", VirtualSwitch = "Isolated" });
        shown.Test?.NetworkAdapters.Add(new MachineAdapter { Id = "second", Name = "lan", VirtualSwitch = at });
        return shown;
    }

    [Fact]
    public void Nothing_is_made_connected_started_or_checked_on_a_switch_that_is_not_proved_to_be_isolated()
    {
        var (refused, made) = (0, 0);
        foreach (var (drill, facts) in AllOnASwitch())
        {
            var next = DrillDecision.Next(drill, facts, Now);
            var isolated = facts?.Switch?.Kind is SwitchKind.Private or SwitchKind.Internal;
            if (next is DrillNext.Make { Kind: DrillStepKind.TestFailover or DrillStepKind.ConnectNetwork or DrillStepKind.StartMachine or DrillStepKind.VerifyGuest })
            {
                isolated.ShouldBeTrue();
                made++;
            }

            refused += next is DrillNext.Judge judge && judge.Why.Contains("is not isolated", StringComparison.Ordinal) ? 1 : 0;
        }

        (refused > 0, made > 0).ShouldBe((true, true));
    }

    [Fact]
    public void Test_machine_starts_only_with_every_adapter_at_the_switch_and_each_is_connected_while_it_is_off_and_was_never_started()
    {
        var (connected, started) = (0, 0);
        foreach (var (drill, facts) in AllOnASwitch())
        {
            switch (DrillDecision.Next(drill, facts, Now))
            {
                case DrillNext.Make { Kind: DrillStepKind.StartMachine }:
                    facts!.Test!.NetworkAdapters.ShouldAllBe(adapter => string.Equals(adapter.VirtualSwitch, "isolated", StringComparison.OrdinalIgnoreCase));
                    started++;
                    break;
                case DrillNext.Make { Kind: DrillStepKind.ConnectNetwork } make:
                    (make.Adapter, facts!.Test!.NetworkAdapters[1].VirtualSwitch.Equals("isolated", StringComparison.OrdinalIgnoreCase)).ShouldBe(("second", false));
                    (drill.Started, drill.Verdict, facts.Test.VirtualMachine.PowerState).ShouldBe((false, null, PowerState.Off));
                    connected++;
                    break;
            }
        }

        (connected > 0, started > 0).ShouldBe((true, true));
    }

    [Fact]
    public void Drill_on_no_network_connects_nothing() => All().ShouldAllBe(pair => !Steps(pair, DrillStepKind.ConnectNetwork));

    [Fact]
    public void Test_machine_that_soaks_is_turned_off_when_its_switch_is_isolated_no_more()
    {
        var drill = Drill(made: true, Test, started: true, DrillVerdict.Passed, lastFailed: false) with { Switch = "Isolated", Soak = TimeSpan.FromHours(1) };
        var facts = new DrillFacts(Machine(ReplicationMode.Replica, ReplicationState.Replicating, PowerState.Off, [], busy: false), Machine(ReplicationMode.TestReplica, ReplicationState.Disabled, PowerState.Running, [], busy: false));

        DrillDecision.Next(drill, OnASwitch(facts, SwitchKind.Private, "Isolated"), Now).ShouldBeOfType<DrillNext.Wait>();
        DrillDecision.Next(drill, OnASwitch(facts, SwitchKind.External, "Isolated"), Now).ShouldBe(new DrillNext.Make(DrillStepKind.TurnOff));
    }

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
