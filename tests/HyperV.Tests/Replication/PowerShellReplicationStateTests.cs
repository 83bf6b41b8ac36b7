using HostAgent.HyperV.Replication;

namespace HostAgent.HyperV.Tests.Replication;

public sealed class PowerShellReplicationStateTests
{
    [Theory]
    [InlineData(0, 0, "Disabled")]
    [InlineData(1, 1, "ReadyForInitialReplication")]
    [InlineData(2, 3, "WaitingForInitialReplication")]
    [InlineData(3, 4, "Replicating")]
    [InlineData(4, 5, "PreparedForFailover")]
    [InlineData(5, 6, "FailedOverWaitingCompletion")]
    [InlineData(6, 7, "FailedOver")]
    [InlineData(7, 8, "Suspended")]
    [InlineData(8, 9, "Error")]
    [InlineData(9, 10, "WaitingForStartResynchronize")]
    [InlineData(10, 11, "Resynchronizing")]
    [InlineData(11, 12, "ResynchronizeSuspended")]
    [InlineData(12, 13, "RecoveryInProgress")]
    [InlineData(13, 14, "FailbackInProgress")]
    [InlineData(14, 15, "FailbackComplete")]
    [InlineData(15, 16, "WaitingForUpdateCompletion")]
    [InlineData(16, 17, "UpdateError")]
    [InlineData(18, 18, "WaitingForRepurposeCompletion")]
    [InlineData(19, 19, "PreparedForSyncReplication")]
    [InlineData(20, 20, "PreparedForGroupReverseReplication")]
    [InlineData(21, 21, "FiredrillInProgress")]
    public void A_replicas_state_has_its_powershell_number_and_name(int wmi, int number, string name)
        => PowerShellReplicationState.For((ReplicationState)wmi, ReplicationMode.Replica).ShouldBe(new(number, name));

    [Fact]
    public void State_2_of_a_primary_is_the_other_of_the_two()
        => PowerShellReplicationState.For(ReplicationState.WaitingToCompleteInitialReplication, ReplicationMode.Primary)
            .ShouldBe(new(2, "InitialReplicationInProgress"));

    [Theory]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(13)]
    [InlineData(14)]
    [InlineData(21)]
    public void A_primary_in_a_replicas_state_shows_as_disabled(int wmi)
        => PowerShellReplicationState.For((ReplicationState)wmi, ReplicationMode.Primary).ShouldBe(new(0, "Disabled"));

    [Theory]
    [InlineData(17)]
    [InlineData(22)]
    [InlineData(40000)]
    public void States_without_a_powershell_word_have_none(int wmi)
        => PowerShellReplicationState.For((ReplicationState)wmi, ReplicationMode.Replica).ShouldBeNull();

    [Fact]
    public void A_powershell_name_leads_back_to_the_state_it_stands_for()
    {
        foreach (var state in Enum.GetValues<ReplicationState>())
        {
            foreach (var mode in new[] { ReplicationMode.Primary, ReplicationMode.Replica })
            {
                if (PowerShellReplicationState.For(state, mode) is { Number: > 0, Name: var name })
                {
                    PowerShellReplicationState.ToWmi(name.ToUpperInvariant()).ShouldBe(state);
                }
            }
        }

        PowerShellReplicationState.ToWmi("NoSuchState").ShouldBeNull();
    }
}
