using HostAgent.HyperV.Replication;

namespace HostAgent.Failover.Tests;

/// <summary>How long work of our own is waited for before a person is asked.</summary>
public sealed class TimeoutTests
{
    private static readonly DateTimeOffset Began = DateTimeOffset.UnixEpoch.AddHours(1);
    private static readonly FailoverSpec Spec = FailoverSpec.Default with { StepWithin = TimeSpan.FromMinutes(5), FitWithin = TimeSpan.FromHours(2) };
    private static readonly MachineFacts Recovery = new() { Mode = ReplicationMode.Primary, State = ReplicationState.Replicating, Power = Power.Running, LastStart = Began, Job = new JobFacts(0, Ours: true) };
    private static readonly MachineFacts Home = new() { Mode = ReplicationMode.Replica, State = ReplicationState.Replicating, Power = Power.Off };

    [Theory]
    [InlineData(Power.Running, 119, 120)]
    [InlineData(Power.Off, 4, 5)]
    public void Step_of_an_outage_may_take_less_than_a_copy_while_production_runs(Power recovery, int waits, int asks)
    {
        var records = new FailoverRecords { ProductionAt = Side.Recovery, Waiting = WaitReason.OwnJob, WaitingSince = Began };
        Decision After(int minutes) => FailoverDecision.Next(Recovery with { Power = recovery }, Home, Spec, records, Goal.Home, Began + TimeSpan.FromMinutes(minutes));

        After(waits).ShouldBeOfType<Wait>().Why.ShouldBe(WaitReason.OwnJob);
        After(asks).ShouldBeOfType<Ask>().Code.ShouldBe(Question.StepStalled);
    }

    // A step while production runs is no copy: nobody waits for days for a fence.
    [Theory]
    [InlineData(true, false, 5)]
    [InlineData(true, true, 120)]
    [InlineData(false, false, 120)]
    public void Own_step_that_is_no_copy_is_asked_about_soon_also_while_production_runs_and_can_be_cancelled(bool isStep, bool copies, int asks)
    {
        var recovery = Recovery with { Job = Recovery.Job! with { Operation = isStep ? Guid.NewGuid() : null } };
        var records = new FailoverRecords { ProductionAt = Side.Recovery, Waiting = WaitReason.OwnJob, WaitingSince = Began, CopyUnfinishedAt = copies ? Side.Home : null };
        Decision After(int minutes) => FailoverDecision.Next(recovery, Home, Spec, records, Goal.Home, Began + TimeSpan.FromMinutes(minutes));

        After(asks - 1).ShouldBeOfType<Wait>();
        var ask = After(asks).ShouldBeOfType<Ask>();
        (ask.Code, ask.Choices.Any(choice => choice.Verb == Verb.CancelStep)).ShouldBe((Question.StepStalled, isStep));
        var answered = records.Answered(new Order(Verb.CancelStep, default));
        (answered.Waiting, answered.Order).ShouldBe((null, null));
    }
}
