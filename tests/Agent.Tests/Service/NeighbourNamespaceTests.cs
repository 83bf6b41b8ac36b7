using HostAgent.Agent.Tests.Support;
using HostAgent.Contracts.Failback.V1;
using HostAgent.HyperV.Simulation.Estates;

namespace HostAgent.Agent.Tests.Service;

/// <summary>What the namespaces beside Hyper-V's mean to a failback, and what their silence does not.</summary>
public sealed class NeighbourNamespaceTests
{
    private static readonly SimulatedHostDescription Node = Stage.Host(Stage.Machine(1)) with { Cluster = new SimulatedClusterDescription { Name = "CL-WEST" } };

    [Fact]
    public async Task Neighbours_that_are_out_of_reach_fail_no_failback()
    {
        await using var agent = await AgentUnderTest.StartAsync(Node, agent => agent.Neighbours = neighbours => neighbours with
        {
            Windows = new SessionUnderTest(neighbours.Windows!) { OutOfReach = true },
            Cluster = new SessionUnderTest(neighbours.Cluster!) { OutOfReach = true },
        });

        var checks = (await agent.Operator.CheckReadinessAsync(new CheckReadinessRequest { VirtualMachineId = Stage.Id(1).ToString() })).Checks;
        foreach (var id in new[] { "VOLUME_SPACE_LOW", "CLUSTER_OWNER_IS_ANOTHER_NODE" })
        {
            var check = checks.Single(check => check.Id == id);
            check.Passed.ShouldBeTrue();
            check.Observed.ShouldContain("The host is out of reach.");
        }

        (await agent.Operator.InitiateAsync(Calls.Request(Guid.NewGuid(), Stage.Id(1)))).Last.State.ShouldBe(OperationState.Succeeded);
    }

    [Fact]
    public async Task A_machine_that_the_cluster_gives_to_another_node_is_not_ready_here()
    {
        await using var agent = await AgentUnderTest.StartAsync(Node with { VirtualMachines = [Stage.Machine(1) with { OwnerNode = "hv-west-02" }] });

        var failure = (await agent.Operator.InitiateAsync(Calls.Request(Guid.NewGuid(), Stage.Id(1)))).Failure.ShouldNotBeNull();
        failure.Reason.ShouldBe("NOT_READY");
        failure.PreconditionViolations.Select(violation => violation.Type).ShouldBe(["CLUSTER_OWNER_IS_ANOTHER_NODE"]);
        agent.Initiations.ShouldBe(0);
    }
}
