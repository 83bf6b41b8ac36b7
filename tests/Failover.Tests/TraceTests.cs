using HostAgent.HyperV.Replication;
using static HostAgent.HyperV.Replication.ReplicationMode;
using static HostAgent.HyperV.Replication.ReplicationState;

namespace HostAgent.Failover.Tests;

/// <summary>
/// The pairs at which a table of states alone goes wrong, each with what it would do there. They came from exploring such a table; the last
/// ones from exploring this function.
/// </summary>
public sealed class TraceTests
{
    private static readonly DateTimeOffset Earlier = DateTimeOffset.UnixEpoch.AddHours(1);
    private static readonly DateTimeOffset Later = DateTimeOffset.UnixEpoch.AddHours(2);

    [Fact]
    public void Prepare_whose_final_changes_were_cut_is_no_planned_failover()
    {
        // Reversed as if nothing was lost on the way out, changes would be laid over disks that have others.
        var (recovery, home) = (ReplicaIn(Recovered, Power.Running) with { FailedOverType = ReplicationType.Regular }, PrimaryIn(SyncedReplicationComplete, Power.Off));

        StepAfterApproval(recovery, home, new FailoverRecords { ProductionAt = Side.Recovery }).ShouldBe((StepKind.BecomeReplica, Side.Home));
    }

    [Fact]
    public void Recovery_site_is_fenced_before_it_is_prepared()
        // A restart of its host after the switch would start a second copy.
        => Next(PrimaryIn(Replicating, Power.Off) with { StartsByItself = true, LastStart = Earlier }, ReplicaIn(Replicating, Power.Off), Asked).ShouldBe(new Step(StepKind.Fence, Side.Recovery));

    [Fact]
    public void Guest_that_goes_down_after_the_switch_was_given_up_is_not_prepared()
        => Next(PrimaryIn(Replicating, Power.Off) with { LastStart = Earlier }, ReplicaIn(Replicating, Power.Off), Asked.Abandons()).ShouldBeOfType<Ask>().Code.ShouldBe(Question.OffUnexpectedly);

    [Fact]
    public void Roll_back_starts_the_recovery_site_and_prepares_nothing()
        => Next(PrimaryIn(Replicating, Power.Off) with { LastStart = Earlier, StartsByItself = true }, ReplicaIn(Replicating, Power.Off), Asked.Aims(Goal.Back), Goal.Back)
            .ShouldBe(new Step(StepKind.StartMachine, Side.Recovery));

    [Fact]
    public void Crash_in_the_switch_is_asked_about_and_not_resynchronized()
    {
        var ask = Next(PrimaryIn(WaitingForStartResynchronize, Power.Off), ReplicaIn(Recovered, Power.Off), Asked).ShouldBeOfType<Ask>();

        ask.Code.ShouldBe(Question.CrashedInSwitch);
        ask.Choices.ShouldContain(new Choice(Verb.GoBack));
        ask.Choices.ShouldContain(new Choice(Verb.StartHome, Loss.RecoveryWrites));
    }

    [Fact]
    public void Approval_of_the_first_disaster_does_not_attach_after_the_second()
    {
        var (recovery, home) = (ReplicaIn(Recovered, Power.Running) with { LastStart = Earlier }, PrimaryIn(WaitingForStartResynchronize, Power.Off) with { LastStop = Earlier });
        var records = new FailoverRecords { ProductionAt = Side.Recovery };
        var first = Next(recovery, home, records).ShouldBeOfType<Wait>().Needs.ShouldNotBeNull();

        Next(recovery, home with { LastStop = Later }, records.Approved(first)).ShouldBeOfType<Wait>().Needs.ShouldNotBe(first);
        Next(recovery with { LastStart = Later }, home, records.Approved(first)).ShouldBeOfType<Wait>().Needs.ShouldNotBe(first);
    }

    [Fact]
    public void Older_side_is_no_source_after_production_was_at_home()
        => Next(PrimaryIn(WaitingForStartResynchronize, Power.Off), ReplicaIn(Replicating, Power.Off), new FailoverRecords { ProductionAt = Side.Home })
            .ShouldBeOfType<Ask>().Code.ShouldBe(Question.ProductionWasAtHome);

    [Fact]
    public void Undoing_the_failover_is_not_said_to_give_up_nothing_when_a_start_at_home_may_have_run()
    {
        // The host lost its power during the start, whose end nobody saw: production is not proved to be at home, but the machine has run there.
        var home = Planned with { LastStart = Later, LastStop = Later, StopCause = StopCause.HostDown };

        var ask = Next(PrimaryIn(SyncedReplicationComplete, Power.Off), home, Prepared with { HomeStart = new HomeStartRecord(Earlier) }).ShouldBeOfType<Ask>();

        ask.Code.ShouldBe(Question.StoppedAtHome);
        ask.Choices.ShouldContain(new Choice(Verb.RevertHome, Loss.HomeWrites));
        ask.Choices.ShouldContain(new Choice(Verb.StartHome));
    }

    [Fact]
    public void What_a_person_stopped_at_home_is_not_started_again()
    {
        var home = Planned with { LastStart = Later, LastStop = Later, StopCause = StopCause.ShutDown };
        var records = Prepared with { ProductionAt = Side.Home, HomeStart = new HomeStartRecord(Earlier) };

        Next(PrimaryIn(SyncedReplicationComplete, Power.Off), home, records).ShouldBeOfType<Ask>().Code.ShouldBe(Question.StoppedAtHome);
        Next(PrimaryIn(SyncedReplicationComplete, Power.Off), home with { StopCause = StopCause.HostDown }, records).ShouldBe(new Step(StepKind.StartMachine, Side.Home));
    }

    [Fact]
    public void Roll_back_over_a_point_that_a_person_chose_undoes_home_first()
        => Next(PrimaryIn(Replicating, Power.Off), ReplicaIn(Recovered, Power.Off), Asked.Aims(Goal.Back), Goal.Back).ShouldBe(new Step(StepKind.RevertFailover, Side.Home));

    [Fact]
    public void Second_outage_needs_a_second_approval()
    {
        var recovery = PrimaryIn(Replicating, Power.Running) with { LastStart = Earlier };
        var approved = new FailoverRecords { ProductionAt = Side.Recovery }.Approved(Next(recovery, ReplicaIn(Replicating, Power.Off), new FailoverRecords { ProductionAt = Side.Recovery }).ShouldBeOfType<Wait>().Needs!);
        var step = Next(recovery, ReplicaIn(Replicating, Power.Off), approved).ShouldBeOfType<Step>();
        var after = approved.Intends(step, recovery, ReplicaIn(Replicating, Power.Off), Later);

        Next(recovery, ReplicaIn(Replicating, Power.Off), after).ShouldBeOfType<Ask>().Code.ShouldBe(Question.GuestStaysUp);
        Next(recovery with { LastStart = Later }, ReplicaIn(Replicating, Power.Off), after).ShouldBeOfType<Ask>().Code.ShouldBe(Question.StartedAgain);
    }

    [Fact]
    public void Home_is_fenced_before_anything_else()
        => Next(ReplicaIn(Recovered, Power.Running), PrimaryIn(WaitingForStartResynchronize, Power.Off) with { StartsByItself = true }, new FailoverRecords { ProductionAt = Side.Recovery })
            .ShouldBe(new Step(StepKind.Fence, Side.Home));

    [Theory]
    [InlineData(ReplicationType.Regular)]
    [InlineData(ReplicationType.ApplicationConsistent)]
    public void Point_that_is_not_the_planned_one_is_not_started(ReplicationType point)
    {
        var ask = Next(PrimaryIn(SyncedReplicationComplete, Power.Off), Planned with { FailedOverType = point }, Prepared).ShouldBeOfType<Ask>();

        ask.Code.ShouldBe(Question.NotAPlannedPoint);
        ask.Choices.ShouldContain(new Choice(Verb.StartHome, Loss.RecoveryWrites));
    }

    [Fact]
    public void Planned_replication_of_an_earlier_prepare_proves_nothing()
        => Next(PrimaryIn(SyncedReplicationComplete, Power.Off), Planned with { LastReplication = Earlier }, Prepared).ShouldBeOfType<Ask>().Code.ShouldBe(Question.NotAPlannedPoint);

    [Fact]
    public void Run_at_the_recovery_site_since_the_prepare_takes_its_proof_away()
        // Unlocked, started, stopped and prepared again by hand: the pair looks as if nothing had happened.
        => Next(PrimaryIn(SyncedReplicationComplete, Power.Off) with { LastStart = Later }, Planned, Prepared).ShouldBeOfType<Ask>().Code.ShouldBe(Question.NotAPlannedPoint);

    [Fact]
    public void Final_changes_that_did_not_arrive_are_prepared_again_and_then_asked_about()
    {
        var (recovery, home) = (PrimaryIn(SyncedReplicationComplete, Power.Off) with { LastStart = Earlier }, ReplicaIn(Replicating, Power.Off) with { LastReplication = Earlier });
        FailoverRecords After(int attempts) => Asked with { Prepare = new PrepareRecord(Earlier, Earlier) { Attempts = attempts }, Waiting = WaitReason.FinalChanges, WaitingSince = DateTimeOffset.UnixEpoch };

        Next(recovery, home, After(1) with { Waiting = null }).ShouldBeOfType<Wait>().Why.ShouldBe(WaitReason.FinalChanges);
        Next(recovery, home, After(1)).ShouldBe(new Step(StepKind.CancelPlannedFailover, Side.Recovery));
        Next(recovery, home, After(2)).ShouldBe(new Step(StepKind.CancelPlannedFailover, Side.Recovery));
        Next(recovery, home, After(3)).ShouldBeOfType<Ask>().Code.ShouldBe(Question.DeltaNotProven);
    }

    [Fact]
    public void Step_that_fails_is_tried_again_later_and_then_asked_about()
    {
        var (recovery, home) = (PrimaryIn(Replicating, Power.Off) with { LastStart = Earlier }, ReplicaIn(Replicating, Power.Off));
        var step = Next(recovery, home, Asked).ShouldBeOfType<Step>();
        var (records, now, asked) = (Asked, Later, TimeSpan.Zero);
        for (var tries = 1; tries < FailoverSpec.Default.Tries; tries++)
        {
            records = records.Ended(step, succeeded: false, now);
            var wait = FailoverDecision.Next(recovery, home, FailoverSpec.Default, records, Goal.Home, now).ShouldBeOfType<Wait>();
            wait.Why.ShouldBe(WaitReason.TryAgain);
            (asked, now) = (asked + (wait.Until!.Value - now), wait.Until.Value);
            FailoverDecision.Next(recovery, home, FailoverSpec.Default, records, Goal.Home, now).ShouldBe(step);
        }

        asked.ShouldBe(TimeSpan.FromSeconds(20 + 40 + 80 + 160 + 300));
        FailoverDecision.Next(recovery, home, FailoverSpec.Default, records.Ended(step, succeeded: false, now), Goal.Home, now).ShouldBeOfType<Ask>().Code.ShouldBe(Question.StepFails);
    }

    [Fact]
    public void Disks_that_a_copy_has_left_half_written_are_not_offered_for_a_start()
    {
        var ask = Next(PrimaryIn(WaitingForStartResynchronize, Power.Off), ReplicaIn(Recovered, Power.Off), Asked with { CopyUnfinishedAt = Side.Home }).ShouldBeOfType<Ask>();

        ask.Choices.ShouldNotContain(choice => choice.Verb == Verb.StartHome);
    }

    [Fact]
    public void Machine_that_runs_against_the_record_makes_the_record_unknown()
    {
        var seen = new FailoverRecords { ProductionAt = Side.Home }.Seen(ReplicaIn(Recovered, Power.Running), new MachineFacts { Reached = false });

        (seen.ProductionAt, seen.Contested).ShouldBe((null, true));
        seen.Seen(ReplicaIn(Recovered, Power.Running), PrimaryIn(WaitingForStartResynchronize, Power.Off)).ShouldBe(seen, "a later read alone settles nothing");
        seen.Answered(new Order(Verb.KeepRecovery, default)).ShouldSatisfyAllConditions(records => records.ProductionAt.ShouldBe(Side.Recovery), records => records.Contested.ShouldBeFalse());
    }

    [Fact]
    public void Neither_side_is_declared_right_while_the_other_runs()
    {
        var ask = Next(PrimaryIn(WaitingForStartResynchronize, Power.Off), ReplicaIn(Recovered, Power.Running), new FailoverRecords { ProductionAt = Side.Home }).ShouldBeOfType<Ask>();

        ask.Choices.ShouldNotContain(choice => choice.Verb == Verb.KeepRecovery);
    }

    [Fact]
    public void Silence_is_not_off_and_a_statement_is()
    {
        var silent = new MachineFacts { Reached = false };
        var records = Asked with { Waiting = WaitReason.SiteSilent, WaitingSince = DateTimeOffset.MinValue };
        var ask = Next(PrimaryIn(Replicating, Power.Off), silent, records).ShouldBeOfType<Ask>();

        ask.Code.ShouldBe(Question.OutagePeerSilent);
        ask.NoStart.ShouldNotBeNull();
        ask.Choices.ShouldContain(choice => choice.Verb == Verb.StateOff);
        ask.Choices.ShouldNotContain(choice => choice.Verb == Verb.StartRecovery);
        var stated = ReplicaIn(Replicating, Power.Off) with { Reached = false, StatedOff = true };
        Next(PrimaryIn(SyncedReplicationComplete, Power.Off), stated, Asked.Aims(Goal.Back), Goal.Back).ShouldBe(new Step(StepKind.CancelPlannedFailover, Side.Recovery));
        Next(PrimaryIn(Replicating, Power.Off) with { StartsByItself = true }, stated, Asked.Aims(Goal.Back), Goal.Back)
            .ShouldBeOfType<Ask>().Choices.ShouldContain(new Choice(Verb.StartRecovery, Loss.HomeWrites));
    }

    [Fact]
    public void Answer_to_another_pair_is_not_carried_out()
    {
        var (recovery, home) = (PrimaryIn(Replicating, Power.Off), ReplicaIn(Recovered, Power.Off));
        var order = new Order(Verb.RevertHome, FailoverDecision.EvidenceOf(recovery, home, Goal.Home));

        Next(recovery, home, Asked.Answered(order)).ShouldBe(new Step(StepKind.RevertFailover, Side.Home));
        Next(recovery, home with { LastStart = Later }, Asked.Answered(order)).ShouldBeOfType<Ask>();
        Next(recovery with { Power = Power.Running }, home, Asked.Answered(order)).ShouldBeOfType<Ask>();
    }

    private static FailoverRecords Asked => new() { ProductionAt = Side.Recovery, Shutdown = new ShutdownRecord(Earlier) };

    private static FailoverRecords Prepared => new() { ProductionAt = Side.Recovery, Prepare = new PrepareRecord(Earlier, null) { Attempts = 1 } };

    private static MachineFacts Planned => ReplicaIn(Recovered, Power.Off) with { LastType = ReplicationType.Planned, LastReplication = Later, FailedOverType = ReplicationType.Planned };

    private static Decision Next(MachineFacts recovery, MachineFacts home, FailoverRecords records, Goal goal = Goal.Home)
        => FailoverDecision.Next(recovery, home, FailoverSpec.Default, records, goal, DateTimeOffset.UnixEpoch.AddDays(1));

    private static (StepKind, Side) StepAfterApproval(MachineFacts recovery, MachineFacts home, FailoverRecords records)
    {
        var needs = Next(recovery, home, records).ShouldBeOfType<Wait>().Needs.ShouldNotBeNull();
        var step = Next(recovery, home, records.Approved(needs)).ShouldBeOfType<Step>();
        return (step.Kind, step.Side);
    }

    private static MachineFacts PrimaryIn(ReplicationState state, Power power) => new() { Mode = Primary, State = state, Power = power };

    private static MachineFacts ReplicaIn(ReplicationState state, Power power) => new() { Mode = Replica, State = state, Power = power };
}
