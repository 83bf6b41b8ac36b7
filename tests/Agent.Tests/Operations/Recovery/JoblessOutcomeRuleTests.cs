using HostAgent.Agent.Jobs;
using HostAgent.Agent.Operations.Kinds.Failbacks;
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
    [InlineData(59, "InDoubt")]
    [InlineData(60, "Undecided")]
    public void Machine_that_is_not_there_is_doubted_for_a_while_and_then_decides_nothing(int doubted, string verdict)
        => JoblessOutcomeRule.Judge(Kind, before: null, machine: null, TimeSpan.FromSeconds(doubted), Timing).GetType().Name.ShouldBe(verdict);
}
