using HostAgent.Agent.Jobs;
using HostAgent.Agent.Operations.Kinds.Failbacks;
using HostAgent.Agent.Operations.Model;
using HostAgent.Agent.Operations.Recovery;
using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Jobs;
using HostAgent.HyperV.Replication;

namespace HostAgent.Agent.Tests.Operations.Recovery;

/// <summary>The truth table of src/Agent/README.md: what became of a call whose answer is not known.</summary>
public sealed class LostCallResolutionTests
{
    [Fact]
    public void Machine_that_appeared_settles_a_call_that_makes_one_and_several_settle_nothing()
    {
        var nothing = new LostCallVerdict.Nothing("nothing changed");
        LostCallResolution.WithMade(null, nothing).ShouldBe(nothing);
        LostCallResolution.WithMade([], nothing).ShouldBe(nothing);
        LostCallResolution.WithMade(["A"], nothing).ShouldBeOfType<LostCallVerdict.Done>();
        LostCallResolution.WithMade(["A", "B"], nothing).ShouldBeOfType<LostCallVerdict.Undecided>();
    }

    private static readonly DateTimeOffset Intent = new(2026, 11, 22, 3, 0, 0, TimeSpan.Zero);
    private static readonly HostTiming Timing = new() { CallSettlingTime = TimeSpan.FromSeconds(120), JobRetention = TimeSpan.FromSeconds(240), UndecidedGracePeriod = TimeSpan.FromSeconds(60) };
    private static readonly FailbackKind Kind = new("hv", null!, _ => throw new InvalidOperationException());

    [Fact]
    public void One_new_job_of_the_kind_is_adopted_whatever_the_state()
        => Judge(ReplicationState.Recovered, Job("NEW")).ShouldBeOfType<LostCallVerdict.Adopt>().Job.InstanceId.ShouldBe("NEW");

    [Fact]
    public void A_job_that_was_there_before_the_intent_is_not_adopted()
        => Judge(ReplicationState.Recovered, Job("old")).ShouldBeOfType<LostCallVerdict.Nothing>();

    [Fact]
    public void A_job_of_another_kind_is_not_adopted()
        => Judge(ReplicationState.Recovered, Job("NEW", JobType.Backup)).ShouldBeOfType<LostCallVerdict.Nothing>();

    [Fact]
    public void Two_new_jobs_of_the_kind_decide_nothing()
        => Judge(ReplicationState.FailbackInProgress, Job("A"), Job("B")).ShouldBeOfType<LostCallVerdict.Undecided>().Reason.ShouldContain("A, B");

    [Fact]
    public void State_14_without_a_job_is_success() => Judge(ReplicationState.FailbackComplete).ShouldBeOfType<LostCallVerdict.Done>();

    [Fact]
    public void State_13_without_a_job_is_still_at_work() => Judge(ReplicationState.FailbackInProgress).ShouldBeOfType<LostCallVerdict.InProgress>();

    [Fact]
    public void Another_state_without_a_job_is_doubted_for_a_while_and_then_decides_nothing()
    {
        Judge(ReplicationState.Critical, looking: 10).ShouldBeOfType<LostCallVerdict.LookAgain>().After.ShouldBe(TimeSpan.FromSeconds(50));
        Judge(ReplicationState.Critical, looking: 60).ShouldBeOfType<LostCallVerdict.Undecided>().Reason.ShouldContain("Critical");
    }

    [Fact]
    public void A_machine_that_is_not_there_is_doubted_for_a_while_and_then_decides_nothing()
    {
        Judge(null, looking: 10).ShouldBeOfType<LostCallVerdict.LookAgain>();
        Judge(null, looking: 61).ShouldBeOfType<LostCallVerdict.Undecided>();
    }

    [Fact]
    public void An_unchanged_host_proves_nothing_while_the_call_may_still_be_at_work()
        => Judge(ReplicationState.Recovered, elapsed: 30).ShouldBeOfType<LostCallVerdict.LookAgain>().After.ShouldBe(TimeSpan.FromSeconds(90));

    [Fact]
    public void An_unchanged_host_proves_that_nothing_took_effect_while_it_would_still_list_the_job()
        => Judge(ReplicationState.Recovered, elapsed: 180).ShouldBeOfType<LostCallVerdict.Nothing>();

    [Fact]
    public void An_unchanged_host_proves_nothing_once_it_may_have_removed_a_job()
        => Judge(ReplicationState.Recovered, elapsed: 241).ShouldBeOfType<LostCallVerdict.Undecided>();

    [Fact]
    public void An_unchanged_host_proves_nothing_when_the_clock_went_back()
        => Judge(ReplicationState.Recovered, elapsed: -1).ShouldBeOfType<LostCallVerdict.Undecided>();

    [Fact]
    public void Nothing_is_proven_when_the_state_before_is_not_known()
        => LostCallResolution.Judge(Kind, new IntentEvidence(Intent, null, []), TimeSpan.FromSeconds(180), TimeSpan.FromSeconds(180), Timing, new MachineShown(ReplicationState.Recovered), [])
            .ShouldBeOfType<LostCallVerdict.Undecided>();

    [Fact]
    public void State_14_proves_nothing_when_it_was_14_before()
        => LostCallResolution.Judge(Kind, new IntentEvidence(Intent, 14, []), TimeSpan.FromSeconds(300), TimeSpan.FromSeconds(180), Timing, new MachineShown(ReplicationState.FailbackComplete), [])
            .ShouldBeOfType<LostCallVerdict.Undecided>();

    private static LostCallVerdict Judge(ReplicationState? now, params ConcreteJob[] jobs) => Judge(now, 180, 180, jobs);

    private static LostCallVerdict Judge(ReplicationState? now, int elapsed = 180, int looking = 180, params ConcreteJob[] jobs) => LostCallResolution.Judge(
        Kind,
        new IntentEvidence(Intent, (int)ReplicationState.Recovered, ["OLD"]),
        TimeSpan.FromSeconds(elapsed),
        TimeSpan.FromSeconds(looking),
        Timing,
        now is null ? null : new MachineShown(now),
        jobs);

    private static ConcreteJob Job(string id, JobType type = JobType.InitiateFailback) => new()
    {
        Path = CimObjectPath.ForKey("Msvm_ConcreteJob", "InstanceID", id),
        ClassName = "Msvm_ConcreteJob",
        InstanceId = id,
        State = JobState.Running,
        JobType = type,
    };
}
