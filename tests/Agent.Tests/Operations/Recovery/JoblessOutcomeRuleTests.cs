using HostAgent.Agent.Jobs;
using HostAgent.Agent.Operations.Kinds.Failbacks;
using HostAgent.Agent.Operations.Kinds.Steps;
using HostAgent.Agent.Operations.Model;
using HostAgent.Agent.Operations.Recovery;
using HostAgent.HyperV.Replication;

namespace HostAgent.Agent.Tests.Operations.Recovery;

/// <summary>The truth table of src/Agent/README.md: a running operation whose job is gone.</summary>
public sealed class JoblessOutcomeRuleTests
{
    private static readonly HostTiming Timing = new() { UndecidedGracePeriod = TimeSpan.FromSeconds(60) };
    private static readonly FailbackKind Kind = new("hv", null!, _ => throw new InvalidOperationException());

    [Theory]
    [InlineData(5, 14, 0, "Done")]
    [InlineData(5, 14, 3600, "Done")]
    [InlineData(null, 14, 0, "Done")]
    [InlineData(5, 13, 0, "AtWork")]
    [InlineData(5, 13, 86400, "AtWork")]
    [InlineData(5, 5, 0, "InDoubt")]
    [InlineData(5, 5, 59, "InDoubt")]
    [InlineData(5, 5, 60, "Undecided")]
    [InlineData(5, 8, 60, "Undecided")]
    [InlineData(5, 3, 60, "Undecided")]
    [InlineData(5, 12345, 60, "Undecided")]
    [InlineData(14, 14, 60, "Undecided")]
    [InlineData(5, null, 10, "InDoubt")]
    [InlineData(5, null, 60, "Undecided")]
    public void Machine_decides_where_there_is_no_job(int? before, int? now, int doubted, string verdict)
        => JoblessOutcomeRule.Judge(Kind, new IntentEvidence(default, before, []), new MachineShown((ReplicationState?)now), TimeSpan.FromSeconds(doubted), Timing).GetType().Name.ShouldBe(verdict);

    [Theory]
    [InlineData("fail-over", 5, 0, "Done")]
    [InlineData("fail-over", 12, 59, "InDoubt")]
    [InlineData("fail-over", 12, 60, "Undecided")]
    // These go on without a job that can be seen.
    [InlineData("resynchronize", 10, 86400, "AtWork")]
    [InlineData("start-replication", 2, 86400, "AtWork")]
    public void Failover_that_a_crash_has_left_half_done_is_followed_by_nobody_for_ever(string step, int state, int doubted, string verdict)
    {
        var kind = new StepKind(StepDefinitions.All.Single(one => one.Name == step), "hv", null!, null!, null!, _ => throw new InvalidOperationException());
        JoblessOutcomeRule.Judge(kind, new IntentEvidence(default, 3, []), new MachineShown((ReplicationState)state), TimeSpan.FromSeconds(doubted), Timing).GetType().Name.ShouldBe(verdict);
    }

    [Theory]
    [InlineData(59, "InDoubt")]
    [InlineData(60, "Undecided")]
    public void Machine_that_is_not_there_is_doubted_for_a_while_and_then_decides_nothing(int doubted, string verdict)
        => JoblessOutcomeRule.Judge(Kind, before: null, machine: null, TimeSpan.FromSeconds(doubted), Timing).GetType().Name.ShouldBe(verdict);
}
