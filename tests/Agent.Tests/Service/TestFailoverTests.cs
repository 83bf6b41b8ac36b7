using HostAgent.Agent.Tests.Support;
using HostAgent.Contracts.Failback.V1;
using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Simulation.Estates;
using OperationState = HostAgent.Contracts.Failback.V1.OperationState;
using PowerState = HostAgent.Contracts.Failback.V1.PowerState;

namespace HostAgent.Agent.Tests.Service;

/// <summary>A test failover's machine is known by the GUID that its operation has recorded, and by nothing else.</summary>
public sealed class TestFailoverTests
{
    private static SimulatedHostDescription Host => Stage.Host(Stage.Machine(1) with { State = HyperV.Replication.ReplicationState.Replicating });

    [Fact]
    public async Task Test_failover_tells_its_machine_which_starts_without_a_ticket_and_is_removed_by_its_recorded_guid()
    {
        await using var agent = await AgentUnderTest.StartAsync(Host);

        var made = await agent.Steps.StartAsync(Calls.Step(OperationKind.TestFailover, Stage.Id(1)));

        made.Failure.ShouldBeNull();
        var clone = Guid.Parse(made.Last.TestMachineId);
        made.Messages.ShouldContain(message => message.Kind == ProgressKind.Started && message.TestMachineId == made.Last.TestMachineId);
        (await FactsAsync(agent, Stage.Id(1))).TestMachineIds.ShouldBe([made.Last.TestMachineId]);
        // The association names the replica from the clone's side.
        (await FactsAsync(agent, clone)).TestMachineIds.ShouldBeEmpty();
        await agent.RestartAsync();
        (await agent.Steps.GetOperationAsync(new GetOperationRequest { OperationId = made.Last.OperationId })).TestMachineId.ShouldBe(made.Last.TestMachineId);

        (await agent.Steps.StartAsync(StartOf(clone))).Failure.ShouldBeNull();
        (await FactsAsync(agent, clone)).VirtualMachine.PowerState.ShouldBe(PowerState.Running);
        (await agent.Steps.StartAsync(Calls.Step(OperationKind.TurnOff, clone))).Failure.ShouldBeNull();
        (await agent.Steps.StartAsync(EndOf(clone))).Failure.ShouldBeNull();

        (await FactsAsync(agent, clone)).Present.ShouldBeFalse();
        (await FactsAsync(agent, Stage.Id(1))).Present.ShouldBeTrue();
    }

    [Fact]
    public async Task Start_without_a_ticket_that_only_says_it_is_a_test_machine_is_refused()
    {
        await using var agent = await AgentUnderTest.StartAsync(Host);

        (await agent.Steps.StartAsync(StartOf(Stage.Id(1)))).Failure.ShouldNotBeNull().Reason.ShouldBe("STATE_CHANGED");

        (await FactsAsync(agent, Stage.Id(1))).VirtualMachine.PowerState.ShouldBe(PowerState.Off);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Lost_answer_is_settled_by_the_one_machine_that_appeared(bool takesEffect)
    {
        var calls = 0;
        await using var agent = await AgentUnderTest.StartAsync(Host, agent => agent.PrepareSession = session => session.OnMethod["TestReplicaSystem"] = async invoke =>
        {
            calls++;
            if (takesEffect)
            {
                await invoke();
            }

            throw new CimException(CimErrorCode.RpcServerUnavailable, "The answer was lost.");
        });

        var result = await agent.Steps.StartAsync(Calls.Step(OperationKind.TestFailover, Stage.Id(1)));

        (result.Failure?.Reason).ShouldBe(takesEffect ? null : "CALL_HAD_NO_EFFECT");
        calls.ShouldBe(1);
        (await FactsAsync(agent, Stage.Id(1))).TestMachineIds.ShouldBe(takesEffect ? [result.Last.TestMachineId] : []);
    }

    [Fact]
    public async Task Answer_that_names_no_machine_is_settled_by_what_has_appeared()
    {
        await using var agent = await AgentUnderTest.StartAsync(Host, agent => agent.PrepareSession = session => session.OnMethod["TestReplicaSystem"] = async invoke =>
        {
            var answer = await invoke();
            return new CimMethodResult(answer.ReturnValue, answer.Outputs.Where(output => output.Key != "ResultingSystem").ToDictionary());
        });

        var result = await agent.Steps.StartAsync(Calls.Step(OperationKind.TestFailover, Stage.Id(1)));

        result.Last.State.ShouldBe(OperationState.Succeeded);
        (await FactsAsync(agent, Stage.Id(1))).TestMachineIds.ShouldBe([result.Last.TestMachineId]);
    }

    [Fact]
    public async Task Machine_that_no_test_failover_has_recorded_is_not_removed()
    {
        await using var agent = await AgentUnderTest.StartAsync(Host);
        // Somebody else's: made past this agent.
        var session = agent.Host.OpenSession();
        var service = (await session.ListInstancesAsync("Msvm_ReplicationService", [], TestContext.Current.CancellationToken)).Single();
        var machine = (await session.ListInstancesAsync("Msvm_ComputerSystem", [], TestContext.Current.CancellationToken)).Single(one => string.Equals(one.GetString("Name"), Stage.Id(1).ToString(), StringComparison.OrdinalIgnoreCase));
        await session.InvokeMethodAsync(service.Path!, "TestReplicaSystem", new Dictionary<string, object?> { ["ComputerSystem"] = machine.Path, ["SnapshotSettingData"] = null }, TestContext.Current.CancellationToken);
        var facts = await FactsAsync(agent, Stage.Id(1));
        while (facts.Jobs.Count > 0)
        {
            facts = await FactsAsync(agent, Stage.Id(1));
        }

        var foreign = Guid.Parse(facts.TestMachineIds.ShouldHaveSingleItem());

        (await agent.Steps.StartAsync(EndOf(foreign))).Failure.ShouldNotBeNull().Reason.ShouldBe("NOT_POSSIBLE");

        (await FactsAsync(agent, foreign)).Present.ShouldBeTrue();
    }

    [Fact]
    public async Task Test_machine_is_connected_before_its_start_and_what_the_host_shows_decides()
    {
        await using var agent = await AgentUnderTest.StartAsync(Host with { Switches = ["vSwitch", "Isolated"] });
        var clone = Guid.Parse((await agent.Steps.StartAsync(Calls.Step(OperationKind.TestFailover, Stage.Id(1)))).Last.TestMachineId);
        var adapter = (await AdaptersAsync(agent, clone)).ShouldHaveSingleItem();
        adapter.VirtualSwitch.ShouldBeEmpty();

        (await agent.Steps.StartAsync(ConnectOf(clone, adapter.Id, "isolated"))).Failure.ShouldBeNull();
        (await AdaptersAsync(agent, clone)).ShouldHaveSingleItem().VirtualSwitch.ShouldBe("Isolated");
        // The replica's own adapter is another one.
        (await AdaptersAsync(agent, Stage.Id(1))).ShouldHaveSingleItem().VirtualSwitch.ShouldBe("vSwitch");
        await agent.RestartAsync();
        (await agent.Steps.StartAsync(ConnectOf(clone, adapter.Name, ""))).Failure.ShouldBeNull();
        (await AdaptersAsync(agent, clone)).ShouldHaveSingleItem().VirtualSwitch.ShouldBeEmpty();

        (await agent.Steps.StartAsync(ConnectOf(clone, adapter.Name, "nowhere"))).Failure.ShouldNotBeNull().Reason.ShouldBe("NOT_POSSIBLE");
        (await agent.Steps.StartAsync(ConnectOf(clone, "other", "Isolated"))).Failure.ShouldNotBeNull().Reason.ShouldBe("NOT_POSSIBLE");
        (await agent.Steps.StartAsync(ConnectOf(clone, "", "Isolated"))).Failure.ShouldNotBeNull().FieldViolations.ShouldHaveSingleItem().Field.ShouldBe("network_adapter");
    }

    [Theory]
    [InlineData("vSwitch", "vSwitch", SwitchKind.External)]
    [InlineData("LAB", "Lab", SwitchKind.Internal)]
    [InlineData("Isolated", "Isolated", SwitchKind.Private)]
    [InlineData("nowhere", "nowhere", SwitchKind.Unspecified)]
    public async Task Switch_is_described_by_what_its_ports_are_connected_to(string asked, string name, SwitchKind kind)
    {
        await using var agent = await AgentUnderTest.StartAsync(Host with { Switches = ["vSwitch", "Lab", "Isolated"], InternalSwitches = ["Lab"], PrivateSwitches = ["Isolated"] });
        var adapter = (await AdaptersAsync(agent, Stage.Id(1))).ShouldHaveSingleItem();
        if (kind != SwitchKind.Unspecified)
        {
            // A machine's own port changes nothing.
            (await agent.Steps.StartAsync(ConnectOf(Stage.Id(1), adapter.Id, asked))).Failure.ShouldBeNull();
        }

        var shown = (await agent.Steps.GetMachineFactsAsync(new GetMachineFactsRequest { VirtualMachineId = Stage.Id(1).ToString(), VirtualSwitch = asked }, deadline: Calls.Deadline)).VirtualSwitch;

        (shown.Name, shown.Kind).ShouldBe((name, kind));
        shown.Observed.ShouldContain($"'{name}'");
        (await FactsAsync(agent, Stage.Id(1))).VirtualSwitch.ShouldBeNull();
    }

    [Fact]
    public async Task Connection_that_the_host_reports_and_does_not_show_is_no_success()
    {
        await using var agent = await AgentUnderTest.StartAsync(Host with { Switches = ["vSwitch", "Isolated"] }, agent => agent.PrepareSession = session
            => session.OnMethod["ModifyResourceSettings"] = _ => Task.FromResult(new CimMethodResult(0, new Dictionary<string, object?>())));

        (await agent.Steps.StartAsync(ConnectOf(Stage.Id(1), "Network Adapter", "Isolated"))).Failure.ShouldNotBeNull().Reason.ShouldBe("EFFECT_NOT_SHOWN");
    }

    private static StartOperationRequest ConnectOf(Guid machine, string adapter, string to)
    {
        var request = Calls.Step(OperationKind.ConnectNetwork, machine);
        (request.NetworkAdapter, request.VirtualSwitch) = (adapter, to);
        return request;
    }

    private static async Task<IReadOnlyList<MachineAdapter>> AdaptersAsync(AgentUnderTest agent, Guid machine)
        => (await agent.Steps.GetMachineFactsAsync(new GetMachineFactsRequest { VirtualMachineId = machine.ToString(), IncludeAdapters = true }, deadline: Calls.Deadline)).NetworkAdapters;

    private static StartOperationRequest StartOf(Guid clone)
    {
        var request = Calls.Step(OperationKind.StartMachine, clone);
        request.Expected = new ExpectedState { ReplicationMode = ReplicationMode.TestReplica, ReplicationState = ReplicationState.Disabled, PowerState = PowerState.Off };
        return request;
    }

    private static StartOperationRequest EndOf(Guid clone)
    {
        var request = Calls.Step(OperationKind.EndTestFailover, Stage.Id(1));
        request.TestMachineId = clone.ToString();
        return request;
    }

    private static async Task<MachineFacts> FactsAsync(AgentUnderTest agent, Guid machine)
        => await agent.Steps.GetMachineFactsAsync(new GetMachineFactsRequest { VirtualMachineId = machine.ToString() }, deadline: Calls.Deadline);
}
