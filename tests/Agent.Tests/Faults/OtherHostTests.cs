using Google.Protobuf;
using HostAgent.Agent.Operations;
using HostAgent.Agent.Operations.Recovery;
using HostAgent.Agent.Tests.Support;
using HostAgent.Contracts.Failback.V1;
using HostAgent.HyperV.VirtualMachines;
using Model = HostAgent.Agent.Operations.Model;
using OperationState = HostAgent.Contracts.Failback.V1.OperationState;

namespace HostAgent.Agent.Tests.Faults;

/// <summary>An operation belongs to the host whose agent accepted it: a machine that has moved is not called, and a journal that has moved calls nothing.</summary>
public sealed class OtherHostTests
{
    [Theory]
    [InlineData(OperationKind.Fence, OperationCheckpoint.BeforeIntent)]
    [InlineData(OperationKind.Fence, OperationCheckpoint.BeforeCall)]
    [InlineData(OperationKind.FailOver, OperationCheckpoint.BeforeIntent)]
    [InlineData(OperationKind.FailOver, OperationCheckpoint.BeforeCall)]
    [InlineData(OperationKind.StartMachine, OperationCheckpoint.BeforeIntent)]
    [InlineData(OperationKind.StartMachine, OperationCheckpoint.BeforeCall)]
    internal async Task Machine_that_moves_to_another_node_between_acceptance_and_call_is_left_alone(OperationKind kind, OperationCheckpoint checkpoint)
    {
        var gate = new Gate(checkpoint);
        var machine = kind == OperationKind.StartMachine
            ? Stage.Machine(1)
            : Stage.Machine(1) with { State = HyperV.Replication.ReplicationState.Replicating, StartupAction = HyperV.Failover.StartupAction.Always };
        await using var agent = await AgentUnderTest.StartAsync(Stage.Host(machine), agent =>
        {
            agent.Checkpoint = gate.HoldAsync;
            agent.Arguments.AddRange(["--boot-guard", "off"]);
        });
        var request = kind == OperationKind.Fence ? Calls.Step(kind, Stage.Id(1)) : await agent.Steps.TicketedAsync(kind, Stage.Id(1));
        var running = agent.Steps.StartAsync(request);
        await gate.Reached;
        var before = await FactsAsync(agent);

        agent.Host.Remove(Stage.Id(1));
        gate.Open();

        var result = await running;
        result.Last.State.ShouldBe(OperationState.Failed);
        result.Failure.ShouldNotBeNull().Reason.ShouldBe("VIRTUAL_MACHINE_NOT_FOUND");
        result.Failure.Message.ShouldContain(Stage.HostName);
        agent.Host.Receive(Stage.Id(1));
        var after = await FactsAsync(agent);
        (after.VirtualMachine.PowerState, after.VirtualMachine.ReplicationState, after.StartupAction).ShouldBe((before.VirtualMachine.PowerState, before.VirtualMachine.ReplicationState, before.StartupAction));
    }

    [Theory]
    [InlineData(Model.OperationState.Queued, OperationState.Failed, "ACCEPTED_ON_OTHER_HOST")]
    [InlineData(Model.OperationState.Starting, OperationState.UnknownOutcome, "UNKNOWN_OUTCOME")]
    [InlineData(Model.OperationState.Running, OperationState.UnknownOutcome, "UNKNOWN_OUTCOME")]
    internal async Task Operation_of_a_journal_that_comes_from_another_node_is_settled_and_calls_nothing(Model.OperationState left, OperationState settled, string reason)
    {
        await using var agent = await AgentUnderTest.StartAsync(Stage.Host(Stage.Machine(1), Stage.Machine(2)));
        await agent.StopAsync();
        var (moved, own) = (Guid.NewGuid(), Guid.NewGuid());
        await using (var journal = Recorded.Open(agent.DataDirectory))
        {
            await journal.RecordAsync(Recorded.Facts(moved) with { Kind = "failback", Request = Calls.Request(moved, Stage.Id(1)).ToByteArray() }, left, host: "hv-west-02");
            await journal.RecordAsync(Recorded.Facts(own, Stage.Id(2)) with { Request = Calls.Request(own, Stage.Id(2)).ToByteArray() }, Model.OperationState.Queued, host: Stage.HostName.ToUpperInvariant() + ".corp.example");
        }

        await agent.StartAsync();

        var last = (await agent.Operator.WatchAsync(moved)).Last;
        last.State.ShouldBe(settled);
        last.Outcome.Failure.Reason.ShouldBe(reason);
        last.Explanation.ShouldContain("hv-west-02");
        (await agent.Operator.WatchAsync(own)).Last.State.ShouldBe(OperationState.Succeeded);
        agent.Initiations.ShouldBe(1);
        (await agent.Part<HyperV.HyperVHost>().FindVirtualMachineAsync(new VirtualMachineId(Stage.Id(1)), TestContext.Current.CancellationToken))!.ReplicationState.ShouldBe(HyperV.Replication.ReplicationState.Recovered);
    }

    [Fact]
    public async Task Accepted_operation_keeps_its_host_in_the_journal()
    {
        await using var agent = await AgentUnderTest.StartAsync(Stage.Host(Stage.Machine(1)));
        var request = Calls.Step(OperationKind.Fence, Stage.Id(1));
        (await agent.Steps.StartAsync(request)).Failure.ShouldBeNull();
        await agent.StopAsync();

        await using var journal = Recorded.Open(agent.DataDirectory);
        (await journal.FindAsync(Guid.Parse(request.OperationId), TestContext.Current.CancellationToken)).ShouldNotBeNull().Last.Host.ShouldBe(Stage.HostName);
    }

    [Fact]
    public void Operation_of_an_older_agent_belongs_to_the_host_that_has_its_journal()
    {
        var operation = new Model.OperationSnapshot { Ordinal = 1, Facts = Recorded.Facts(Guid.NewGuid()), Last = Recorded.Accepted() };
        OtherHostRule.Judge(operation, Stage.HostName).ShouldBeNull();
        OtherHostRule.Judge(operation with { Last = operation.Last with { Host = "hv-west-02", MayHaveBeenCalled = true } }, Stage.HostName).ShouldNotBeNull().State.ShouldBe(Model.OperationState.UnknownOutcome);
    }

    private static async Task<MachineFacts> FactsAsync(AgentUnderTest agent)
        => await agent.Steps.GetMachineFactsAsync(new GetMachineFactsRequest { VirtualMachineId = Stage.Id(1).ToString() }, deadline: Calls.Deadline);
}
