using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Failback;
using HostAgent.HyperV.Machines;
using HostAgent.HyperV.Replication;
using HostAgent.HyperV.VirtualMachines;

namespace HostAgent.HyperV.Tests.Failback;

public sealed class FailbackRulesTests
{
    private static readonly VirtualMachineId Id = new(Guid.Empty);

    private static VirtualMachine Machine(
        ReplicationState state = ReplicationState.Committed,
        ReplicationMode mode = ReplicationMode.Replica,
        EnabledState power = EnabledState.Off,
        bool related = true) => new()
        {
            Id = Id,
            Name = "sql-01",
            Path = CimObjectPath.ForKey("Msvm_ComputerSystem", "Name", "X"),
            EnabledState = power,
            ReplicationMode = mode,
            Relationship = related
            ? new ReplicationRelationship { InstanceId = new(Id, IsExtended: false), State = state, Health = ReplicationHealth.Warning }
            : null,
        };

    [Fact]
    public void By_default_a_replica_that_has_failed_over_and_is_off_is_eligible_and_no_other_state_is()
    {
        for (var state = 0; state <= 22; state++)
        {
            (FailbackRules.Default.WhyIneligible(Machine((ReplicationState)state)) is null).ShouldBe(state is 5 or 6, $"state {state}");
        }
    }

    [Theory]
    [InlineData(ReplicationMode.None, false)]
    [InlineData(ReplicationMode.Primary, false)]
    [InlineData(ReplicationMode.Replica, true)]
    [InlineData(ReplicationMode.TestReplica, false)]
    [InlineData(ReplicationMode.ExtendedReplica, true)]
    public void Only_recovery_machines_are_eligible(ReplicationMode mode, bool eligible)
        => (FailbackRules.Default.WhyIneligible(Machine(mode: mode)) is null).ShouldBe(eligible);

    [Fact]
    public void Reasons_name_the_value_and_what_is_allowed()
    {
        FailbackRules.Default.WhyIneligible(Machine(ReplicationState.Replicating))
            .ShouldBe("its replication state is Replicating (3); it must be Recovered (5) or Committed (6)");
        FailbackRules.Default.WhyIneligible(Machine((ReplicationState)40000))
            .ShouldBe("its replication state is 40000; it must be Recovered (5) or Committed (6)");
        FailbackRules.Default.WhyIneligible(Machine(power: EnabledState.Running)).ShouldBe("it is Running (2); it must be Off (3)");
        FailbackRules.Default.WhyIneligible(Machine(related: false)).ShouldBe("it has no replication relationship");
    }

    [Fact]
    public void What_is_inferred_can_be_switched()
    {
        var rules = new FailbackRules { AllowedStates = [ReplicationState.Replicating], MustBeOff = false };
        rules.WhyIneligible(Machine(ReplicationState.Replicating, power: EnabledState.Running)).ShouldBeNull();
        rules.WhyIneligible(Machine()).ShouldNotBeNull();
    }
}
