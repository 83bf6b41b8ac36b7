using Grpc.Core;
using HostAgent.Agent.Operations;
using HostAgent.Agent.Tests.Support;
using HostAgent.Contracts.Failback.V1;
using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Simulation.Faults;
using HostAgent.HyperV.VirtualMachines;
using HostAgent.Transport;
using OperationState = HostAgent.Contracts.Failback.V1.OperationState;
using ReplicationMode = HostAgent.HyperV.Replication.ReplicationMode;
using ReplicationState = HostAgent.HyperV.Replication.ReplicationState;

namespace HostAgent.Agent.Tests.Service;

/// <summary>Single steps between two hosts: made once, on recent facts, and never late.</summary>
public sealed class StartOperationTests
{
    [Fact]
    public async Task Machine_starts_on_a_ticket_and_the_stream_ends_when_it_runs()
    {
        await using var agent = await AgentUnderTest.StartAsync(Stage.Host(Stage.Machine(1)));
        var request = await agent.Steps.TicketedAsync(OperationKind.StartMachine, Stage.Id(1));

        var result = await agent.Steps.StartAsync(request);

        (result.Failure, result.Last.State).ShouldBe((null, OperationState.Succeeded));
        (await PowerAsync(agent)).ShouldBe(PowerState.Running);
        var listed = await agent.Steps.ListOperationsAsync(new ListOperationsRequest { VirtualMachineId = Stage.Id(1).ToString() });
        listed.Operations.ShouldHaveSingleItem().Kind.ShouldBe("start-machine");
        (await agent.Operator.ListFailbacksAsync(new ListFailbacksRequest())).Operations.ShouldBeEmpty();
        // The same call again is the same operation.
        (await agent.Steps.StartAsync(request)).Last.State.ShouldBe(OperationState.Succeeded);
    }

    [Fact]
    public async Task Ticket_on_facts_of_an_earlier_process_is_refused()
    {
        await using var agent = await AgentUnderTest.StartAsync(Stage.Host(Stage.Machine(1)));
        var request = await agent.Steps.TicketedAsync(OperationKind.StartMachine, Stage.Id(1));
        await agent.RestartAsync();

        (await agent.Steps.StartAsync(request)).Failure.ShouldNotBeNull().Reason.ShouldBe("TICKET_EXPIRED");
        (await PowerAsync(agent)).ShouldBe(PowerState.Off);
    }

    [Fact]
    public async Task Accepted_start_that_comes_to_its_call_too_late_is_not_made()
    {
        var held = new TaskCompletionSource();
        await using var agent = await AgentUnderTest.StartAsync(Stage.Host(Stage.Machine(1)), agent =>
            agent.Checkpoint = async (point, _, cancellationToken) => await (point == OperationCheckpoint.BeforeCall ? held.Task.WaitAsync(cancellationToken) : Task.CompletedTask));
        var request = await agent.Steps.TicketedAsync(OperationKind.StartMachine, Stage.Id(1), validFor: 0.5);
        var running = agent.Steps.StartAsync(request);
        await Task.Delay(TimeSpan.FromSeconds(0.7), TestContext.Current.CancellationToken);
        held.SetResult();

        (await running).Failure.ShouldNotBeNull().Reason.ShouldBe("TICKET_EXPIRED");
        (await PowerAsync(agent)).ShouldBe(PowerState.Off);
    }

    [Fact]
    public async Task Accepted_start_is_not_made_by_the_agent_that_comes_after()
    {
        await using var agent = await AgentUnderTest.StartAsync(Stage.Host(Stage.Machine(1)), agent =>
            agent.Checkpoint = (point, _, cancellationToken) => point == OperationCheckpoint.BeforeIntent ? Task.Delay(Timeout.Infinite, cancellationToken) : Task.CompletedTask);
        var request = await agent.Steps.TicketedAsync(OperationKind.StartMachine, Stage.Id(1));
        using (var call = agent.Steps.StartOperation(request, deadline: Calls.Deadline))
        {
            (await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken)).ShouldBeTrue();
        }

        agent.Checkpoint = null;
        await agent.RestartAsync();

        using var watch = agent.Steps.WatchOperation(new WatchOperationRequest { OperationId = request.OperationId }, deadline: Calls.Deadline);
        var last = await watch.ResponseStream.ReadAllAsync(TestContext.Current.CancellationToken).LastAsync(TestContext.Current.CancellationToken);
        last.Outcome.Failure.Reason.ShouldBe("TICKET_EXPIRED");
        (await PowerAsync(agent)).ShouldBe(PowerState.Off);
    }

    [Theory]
    [InlineData(true, "")]
    [InlineData(false, "CALL_HAD_NO_EFFECT")]
    public async Task Lost_answer_is_settled_by_the_machine_and_the_call_is_never_repeated(bool takesEffect, string reason)
    {
        var calls = 0;
        await using var agent = await AgentUnderTest.StartAsync(Stage.Host(Stage.Machine(1)), agent => agent.PrepareSession = session => session.OnPower = async invoke =>
        {
            calls++;
            if (takesEffect)
            {
                await invoke();
            }

            throw new CimException(CimErrorCode.RpcServerUnavailable, "The answer was lost.");
        });

        var result = await agent.Steps.StartAsync(await agent.Steps.TicketedAsync(OperationKind.StartMachine, Stage.Id(1)));

        (result.Failure?.Reason ?? "").ShouldBe(reason);
        calls.ShouldBe(1);
        (await PowerAsync(agent)).ShouldBe(takesEffect ? PowerState.Running : PowerState.Off);
    }

    [Fact]
    public async Task Step_on_another_state_than_was_seen_or_than_it_needs_is_refused()
    {
        await using var agent = await AgentUnderTest.StartAsync(Stage.Host(Stage.Machine(1) with { Power = EnabledState.Running }));
        var seen = await agent.Steps.TicketedAsync(OperationKind.RevertFailover, Stage.Id(1));
        seen.Expected = new ExpectedState { ReplicationMode = Contracts.Failback.V1.ReplicationMode.Replica, ReplicationState = Contracts.Failback.V1.ReplicationState.Recovered, PowerState = PowerState.Off };
        (await agent.Steps.StartAsync(seen)).Failure.ShouldNotBeNull().Reason.ShouldBe("STATE_CHANGED");

        // The host would turn it off, hard.
        (await agent.Steps.StartAsync(await agent.Steps.TicketedAsync(OperationKind.RevertFailover, Stage.Id(1)))).Failure.ShouldNotBeNull().Reason.ShouldBe("WRONG_STATE");
        (await PowerAsync(agent)).ShouldBe(PowerState.Running);
    }

    [Fact]
    public async Task Everything_that_is_wrong_with_a_request_is_named_at_once()
    {
        await using var agent = await AgentUnderTest.StartAsync(Stage.Host(Stage.Machine(1)));

        var none = await agent.Steps.StartAsync(new StartOperationRequest { Kind = OperationKind.Failback });
        none.Failure.ShouldNotBeNull().FieldViolations.Select(violation => violation.Field).ShouldBe(["operation_id", "virtual_machine_id", "kind"]);
        var fence = Calls.Step(OperationKind.Fence, Stage.Id(1));
        (fence.Ticket, fence.Force, fence.ShutdownTimeout) = (new StartTicket { ValidFor = new() { Seconds = long.MaxValue } }, true, new() { Seconds = -1 });
        (await agent.Steps.StartAsync(fence)).Failure.ShouldNotBeNull().FieldViolations.Select(violation => violation.Field).Distinct()
            .ShouldBe(["ticket", "ticket.facts_id", "ticket.valid_for", "ticket.peer.host", "force and shutdown_timeout", "shutdown_timeout"]);
        (await agent.Steps.StartAsync(Calls.Step(OperationKind.StartMachine, Stage.Id(1)))).Failure.ShouldNotBeNull().FieldViolations.ShouldHaveSingleItem().Field.ShouldBe("ticket");
        var stated = await agent.Steps.TicketedAsync(OperationKind.StartMachine, Stage.Id(1));
        stated.Ticket.Peer.Statement = new string('x', 1025);
        (await agent.Steps.StartAsync(stated)).Failure.ShouldNotBeNull().FieldViolations.ShouldHaveSingleItem().Field.ShouldBe("ticket.peer.statement");
    }

    [Fact]
    public async Task Step_of_seconds_never_waits_for_what_moves_data()
    {
        await using var agent = await AgentUnderTest.StartAsync(
            Stage.Host(Stage.Machine(1, new PercentStuckFault()), Stage.Machine(2)), agent => agent.Arguments.AddRange(["--max-concurrent-failbacks", "1"]));
        await agent.Operator.InitiateUntilAsync(Calls.Request(Guid.NewGuid(), Stage.Id(1)), message => message.State == OperationState.Running);

        (await agent.Steps.StartAsync(Calls.Step(OperationKind.Fence, Stage.Id(2)))).Last.State.ShouldBe(OperationState.Succeeded);
        var facts = await agent.Steps.GetMachineFactsAsync(new GetMachineFactsRequest { VirtualMachineId = Stage.Id(2).ToString() });
        facts.StartupAction.ShouldBe(2u);
    }

    [Fact]
    public async Task Copy_that_waits_gives_way_to_a_step_of_the_same_machine()
    {
        await using var agent = await AgentUnderTest.StartAsync(
            Stage.Host(Stage.Machine(1, new PercentStuckFault()), Stage.Machine(2) with { Mode = ReplicationMode.Primary, State = ReplicationState.Ready }),
            agent => agent.Arguments.AddRange(["--max-concurrent-failbacks", "1"]));
        await agent.Operator.InitiateUntilAsync(Calls.Request(Guid.NewGuid(), Stage.Id(1)), message => message.State == OperationState.Running);
        var copy = Calls.Step(OperationKind.StartReplication, Stage.Id(2));
        copy.InitialCopy = InitialCopy.Seeded;
        var waiting = agent.Steps.StartAsync(copy);
        while ((await agent.Steps.ListOperationsAsync(new ListOperationsRequest { VirtualMachineId = Stage.Id(2).ToString() })).Operations.Count == 0)
        {
            await Task.Yield();
        }

        (await agent.Steps.StartAsync(Calls.Step(OperationKind.Fence, Stage.Id(2)))).Last.State.ShouldBe(OperationState.Succeeded);

        (await waiting).Last.State.ShouldBe(OperationState.Cancelled);
    }

    [Fact]
    public async Task Facts_of_a_machine_that_the_host_does_not_have_are_an_answer()
    {
        await using var agent = await AgentUnderTest.StartAsync(Stage.Host(Stage.Machine(1)));
        var facts = await agent.Steps.GetMachineFactsAsync(new GetMachineFactsRequest { VirtualMachineId = Stage.Id(9).ToString() });
        (facts.Present, facts.ReplicaServer.Enabled).ShouldBe((false, true));
        RpcFailure.From(await Should.ThrowAsync<RpcException>(async () => await agent.Steps.GetMachineFactsAsync(new GetMachineFactsRequest { VirtualMachineId = "sql-01" }))).Reason.ShouldBe("INVALID_REQUEST");
    }

    private static async Task<PowerState> PowerAsync(AgentUnderTest agent)
        => (await agent.Steps.GetMachineFactsAsync(new GetMachineFactsRequest { VirtualMachineId = Stage.Id(1).ToString() })).VirtualMachine.PowerState;
}
