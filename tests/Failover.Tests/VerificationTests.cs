using HostAgent.HyperV.Replication;

namespace HostAgent.Failover.Tests;

/// <summary>A machine that has not come up at home: a person has it checked once more, lets it stay as it is, or takes it back.</summary>
public sealed class VerificationTests
{
    private static readonly DateTimeOffset Began = DateTimeOffset.UnixEpoch.AddHours(1);
    private static readonly DateTimeOffset Started = Began.AddMinutes(5);
    private static readonly Step Verification = new(StepKind.VerifyGuest, Side.Home);
    private static readonly MachineFacts Recovery = new() { Mode = ReplicationMode.Primary, State = ReplicationState.SyncedReplicationComplete, Power = Power.Off, LastStart = Began, LastReplication = Began };

    private static readonly MachineFacts Home = new()
    {
        Mode = ReplicationMode.Replica,
        State = ReplicationState.Recovered,
        Power = Power.Running,
        LastStart = Started,
        LastReplication = Began,
        FailedOverType = ReplicationType.Planned,
        LastType = ReplicationType.Planned,
    };

    private static readonly FailoverRecords Unhealthy = new()
    {
        ProductionAt = Side.Home,
        HomeStart = new HomeStartRecord(null),
        Prepare = new PrepareRecord(null, null),
        Verification = new VerificationRecord(Started, Healthy: false),
    };

    [Fact]
    public void Check_that_did_not_pass_can_be_made_once_more()
    {
        Next(Unhealthy with { Verification = null }).ShouldBe(Verification);
        var ask = Next(Unhealthy).ShouldBeOfType<Ask>();
        ask.Code.ShouldBe(Question.Unhealthy);
        ask.Choices.Select(choice => choice.Verb).ShouldBe([Verb.GoBack, Verb.VerifyAgain, Verb.GoOnUnverified, Verb.AttachRecovery, Verb.Recheck, Verb.HandOver], ignoreOrder: true);

        Next(Unhealthy.Answered(Order(Verb.VerifyAgain))).ShouldBe(Verification);
        Next(Unhealthy.Answered(Order(Verb.Recheck))).ShouldBeOfType<Ask>().Code.ShouldBe(Question.Unhealthy);
    }

    [Fact]
    public void Machine_that_a_person_lets_stay_is_accepted_as_any_other_and_says_that_nobody_proved_it()
    {
        var waived = Unhealthy.Answered(Order(Verb.GoOnUnverified));

        waived.Verification.ShouldBe(new VerificationRecord(Started, Healthy: true) { Waived = true });
        Next(waived).ShouldBeOfType<Wait>().Needs!.Gate.ShouldBe(Gate.Accept);
        // Another run is another matter.
        FailoverDecision.Next(Recovery, Home with { LastStart = Started.AddHours(1) }, FailoverSpec.Default, waived, Goal.Home, Began).ShouldBe(Verification);
    }

    [Fact]
    public void Questions_about_other_things_offer_neither()
        => FailoverDecision.Next(Recovery with { Power = Power.Running, State = ReplicationState.Replicating }, Home, FailoverSpec.Default, Unhealthy, Goal.Home, Began)
            .ShouldBeOfType<Ask>().Choices.ShouldNotContain(choice => choice.Verb == Verb.VerifyAgain || choice.Verb == Verb.GoOnUnverified);

    private static Order Order(Verb verb) => new(verb, FailoverDecision.EvidenceOf(Recovery, Home, Goal.Home));

    private static Decision Next(FailoverRecords records) => FailoverDecision.Next(Recovery, Home, FailoverSpec.Default, records, Goal.Home, Began);
}
