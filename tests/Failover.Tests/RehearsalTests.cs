using HostAgent.HyperV.Replication;

namespace HostAgent.Failover.Tests;

/// <summary>The rehearsal at home: once, in step, before the outage; and a person decides when it has failed.</summary>
public sealed class RehearsalTests
{
    private static readonly DateTimeOffset Began = DateTimeOffset.UnixEpoch.AddHours(1);
    private static readonly FailoverSpec Rehearses = FailoverSpec.Default with { Rehearse = true };
    private static readonly MachineFacts Recovery = new() { Mode = ReplicationMode.Primary, State = ReplicationState.Replicating, Power = Power.Running, LastStart = Began, LastReplication = Began };
    private static readonly MachineFacts Home = new() { Mode = ReplicationMode.Replica, State = ReplicationState.Replicating, Power = Power.Off, LastReplication = Began };
    private static readonly FailoverRecords Records = new() { ProductionAt = Side.Recovery };
    private static readonly Step Rehearsal = new(StepKind.Rehearse, Side.Home);

    [Fact]
    public void Machine_in_step_is_rehearsed_once_and_then_waits_for_its_outage()
    {
        Next(Records).ShouldBe(Rehearsal);
        Next(Records, FailoverSpec.Default).ShouldBeOfType<Wait>().Needs!.Gate.ShouldBe(Gate.Outage);
        Next(Records.Ended(Rehearsal, succeeded: true, Began)).ShouldBeOfType<Wait>().Needs!.Gate.ShouldBe(Gate.Outage);
    }

    [Fact]
    public void Approval_that_was_given_beforehand_does_not_spare_the_rehearsal()
    {
        var approved = Records.Approved(Next(Records, FailoverSpec.Default).ShouldBeOfType<Wait>().Needs!);
        Next(approved).ShouldBe(Rehearsal);
        Next(approved.Ended(Rehearsal, succeeded: true, Began)).ShouldBeOfType<Step>().Kind.ShouldBe(StepKind.ShutDownGuest);
    }

    [Fact]
    public void Rehearsal_that_failed_is_asked_about_at_once_and_offers_no_outage()
    {
        var failed = Records.Ended(Rehearsal, succeeded: false, Began);
        (failed.FailedStep, failed.Failures).ShouldBe((null, 0));

        var ask = Next(failed).ShouldBeOfType<Ask>();
        ask.Code.ShouldBe(Question.RehearsalFailed);
        ask.Choices.Select(choice => choice.Verb).ShouldBe([Verb.GoBack, Verb.RehearseAgain, Verb.GoOnUnrehearsed, Verb.Recheck, Verb.HandOver], ignoreOrder: true);

        Next(failed.Answered(Order(Verb.RehearseAgain))).ShouldBe(Rehearsal);
        Next(failed.Answered(Order(Verb.Recheck))).ShouldBeOfType<Ask>().Code.ShouldBe(Question.RehearsalFailed);
        Next(failed.Answered(Order(Verb.GoOnUnrehearsed))).ShouldBeOfType<Wait>().Needs!.Gate.ShouldBe(Gate.Outage);
        FailoverDecision.Next(Recovery, Home, Rehearses, failed.Answered(Order(Verb.GoBack)), Goal.Back, Began).ShouldBe(new Done(Outcome.RolledBack));
    }

    [Fact]
    public void Nothing_is_rehearsed_once_the_guest_was_asked_to_shut_down()
        => Next(Records with { Shutdown = new ShutdownRecord(Began) }).ShouldBeOfType<Ask>().Code.ShouldBe(Question.GuestStaysUp);

    [Theory]
    [InlineData(Goal.ProtectOnly)]
    [InlineData(Goal.Stop)]
    [InlineData(Goal.Back)]
    public void Machine_that_is_to_stay_is_not_rehearsed(Goal goal)
        => FailoverDecision.Next(Recovery, Home, Rehearses, Records, goal, Began).ShouldBeOfType<Done>();

    [Fact]
    public void Questions_of_a_machine_whose_rehearsal_is_no_matter_offer_no_other_one()
        => FailoverDecision.Next(Recovery, Home with { Power = Power.Running }, Rehearses, Records.Ended(Rehearsal, succeeded: true, Began), Goal.Home, Began)
            .ShouldBeOfType<Ask>().Choices.ShouldNotContain(choice => choice.Verb == Verb.RehearseAgain || choice.Verb == Verb.GoOnUnrehearsed);

    private static Order Order(Verb verb) => new(verb, FailoverDecision.EvidenceOf(Recovery, Home, Goal.Home));

    private static Decision Next(FailoverRecords records, FailoverSpec? spec = null) => FailoverDecision.Next(Recovery, Home, spec ?? Rehearses, records, Goal.Home, Began);
}
