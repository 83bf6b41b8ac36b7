using HostAgent.HyperV.Failback;
using HostAgent.HyperV.Replication;

namespace HostAgent.HyperV.Tests.Failback;

public sealed class ReplicationVerdictTests
{
    [Fact]
    public void Only_14_is_success_and_only_13_is_progress()
    {
        for (var number = 0; number <= 30; number++)
        {
            ReplicationVerdicts.Judge((ReplicationState)number).ShouldBe(number switch
            {
                14 => ReplicationVerdict.Succeeded,
                13 => ReplicationVerdict.InProgress,
                _ => ReplicationVerdict.Undecided,
            });
        }
    }

    [Theory]
    [InlineData(ReplicationState.FailbackComplete)]
    [InlineData(ReplicationState.FailbackInProgress)]
    public void A_state_that_was_there_before_proves_nothing(ReplicationState state)
        => ReplicationVerdicts.Judge(state, before: state).ShouldBe(ReplicationVerdict.Undecided);

    [Fact]
    public void A_change_to_14_proves_success()
        => ReplicationVerdicts.Judge(ReplicationState.FailbackComplete, ReplicationState.Committed).ShouldBe(ReplicationVerdict.Succeeded);
}
