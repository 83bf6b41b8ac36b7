using HostAgent.Agent.Operations.Kinds.Steps;
using HostAgent.Contracts.Failback.V1;
using HostAgent.Coordinator.Returns;
using HostAgent.Failover;
using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Replication;
using HostAgent.HyperV.VirtualMachines;
using Facts = HostAgent.Failover.MachineFacts;
using Mode = HostAgent.HyperV.Replication.ReplicationMode;
using State = HostAgent.HyperV.Replication.ReplicationState;
using StepKind = HostAgent.Failover.StepKind;
using VirtualMachine = HostAgent.HyperV.Machines.VirtualMachine;

namespace HostAgent.Coordinator.Tests.Returns;

/// <summary>The decision and the agents are two programs: whatever the one decides in any pair of states, the other one takes.</summary>
public sealed class StepsThatAgentsTakeTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch.AddDays(1000);
    private static readonly VirtualMachineId Id = new(Guid.Parse("00000001-0000-0000-0000-000000000001"));
    private static readonly Facts[] Sides = [.. Machines()];

    [Fact]
    public void Every_step_of_every_pair_is_one_that_its_agent_takes()
    {
        var definitions = StepDefinitions.All.ToDictionary(definition => definition.Name);
        var taken = new HashSet<StepKind>();
        foreach (var goal in Enum.GetValues<Goal>())
        {
            foreach (var production in (Side?[])[null, Side.Recovery, Side.Home])
            {
                foreach (var recovery in Sides)
                {
                    foreach (var home in Sides)
                    {
                        var records = new FailoverRecords { ProductionAt = production };
                        var decision = FailoverDecision.Next(recovery, home, FailoverSpec.Default, records, goal, Now);
                        decision = decision is Wait { Needs: { } needs } ? FailoverDecision.Next(recovery, home, FailoverSpec.Default, records.Approved(needs), goal, Now) : decision;
                        if (decision is not Step step || ReturnSteps.KindOf(step.Kind) is not { } kind)
                        {
                            continue;
                        }

                        var definition = definitions[Agent.Wire.OperationRequests.NameOf(kind)];
                        var facts = step.Side == Side.Recovery ? recovery : home;
                        definition.Allows(Machine(facts)).ShouldBeTrue($"{step} is decided and refused for {facts.Mode}, {facts.State}, {facts.Power}");
                        definition.NeedsTicket.ShouldBe(step.NeedsTicket, $"{step}");
                        taken.Add(step.Kind);
                    }
                }
            }
        }

        taken.Count.ShouldBeGreaterThanOrEqualTo(10);
    }

    [Fact]
    public void Every_kind_of_the_contract_is_one_of_the_agent()
        => Enum.GetValues<OperationKind>().Except([OperationKind.Unspecified, OperationKind.Failback]).Select(Agent.Wire.OperationRequests.NameOf)
            .ShouldBe(StepDefinitions.All.Select(definition => definition.Name), ignoreOrder: true);

    private static VirtualMachine Machine(Facts facts) => new()
    {
        Id = Id,
        Name = "sql-01",
        Path = CimObjectPath.ForKey("Msvm_ComputerSystem", "Name", Id.ToString()),
        EnabledState = facts.Power switch
        {
            Power.Off => EnabledState.Off,
            Power.Running => EnabledState.Running,
            Power.Saved => EnabledState.Saved,
            Power.Paused => EnabledState.Paused,
            _ => EnabledState.Starting,
        },
        ReplicationMode = facts.Mode,
        Relationship = facts.Mode == Mode.None ? null : new ReplicationRelationship { InstanceId = new(Id, IsExtended: false), State = facts.State, Health = HyperV.Replication.ReplicationHealth.Ok },
        ReplicationSettings = facts.Mode == Mode.None ? null : new ReplicationSettingData(new CimInstance(null, ReplicationSettingData.ClassName, [])),
    };

    private static IEnumerable<Facts> Machines()
    {
        yield return new Facts { Presence = Presence.Absent };
        foreach (var mode in Enum.GetValues<Mode>())
        {
            foreach (var state in mode == Mode.None ? [State.Disabled] : Enum.GetValues<State>())
            {
                foreach (var power in Enum.GetValues<Power>())
                {
                    yield return new Facts { Mode = mode, State = state, Power = power, StartsByItself = power == Power.Running };
                }
            }
        }
    }
}
