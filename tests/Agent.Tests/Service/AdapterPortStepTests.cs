using HostAgent.Agent.Tests.Support;
using HostAgent.Contracts.Failback.V1;
using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Simulation.Estates;
using HostAgent.HyperV.VirtualMachines;

namespace HostAgent.Agent.Tests.Service;

/// <summary>The VLAN and the MAC address of an adapter are set and shown.</summary>
public sealed class AdapterPortStepTests
{
    private static SimulatedHostDescription Host => Stage.Host(Stage.Machine(1) with
    {
        State = HyperV.Replication.ReplicationState.Replicating,
        Adapters = [new() { Name = "front" }, new() { Name = "back", Vlan = 10, StaticMac = "00155D0A0B0C" }, new() { Name = "twin" }, new() { Name = "twin" }],
    });

    [Fact]
    public async Task Vlan_and_address_are_set_shown_and_kept()
    {
        await using var agent = await AgentUnderTest.StartAsync(Host);
        var front = await AdapterAsync(agent, "front");
        (front.Vlan, front.StaticMacAddress, front.MacAddress.Length).ShouldBe(("untagged", false, 12));
        await ShowsAsync(agent, "back", "access 10", "00155D0A0B0C");

        (await agent.Steps.StartAsync(VlanOf(front.Id, 120))).Failure.ShouldBeNull();
        (await agent.Steps.StartAsync(VlanOf("BACK", 0))).Failure.ShouldBeNull();
        (await agent.Steps.StartAsync(MacOf("front", "00155d010203"))).Failure.ShouldBeNull();

        await agent.RestartAsync();
        await ShowsAsync(agent, "front", "access 120", "00155D010203");
        await ShowsAsync(agent, "back", "untagged", "00155D0A0B0C");
        (await AdapterAsync(agent, "front")).VirtualSwitch.ShouldBe(front.VirtualSwitch);
    }

    [Fact]
    public async Task Address_is_refused_while_the_machine_runs_and_the_vlan_is_not()
    {
        await using var agent = await AgentUnderTest.StartAsync(Host with { VirtualMachines = [Host.VirtualMachines[0] with { Mode = HyperV.Replication.ReplicationMode.Primary, Power = EnabledState.Running }] });
        (await agent.Steps.StartAsync(MacOf("front", "00155D010203"))).Failure.ShouldNotBeNull().Reason.ShouldBe("WRONG_STATE");
        (await agent.Steps.StartAsync(VlanOf("front", 120))).Failure.ShouldBeNull();
        (await AdapterAsync(agent, "front")).ShouldSatisfyAllConditions(front => front.Vlan.ShouldBe("access 120"), front => front.StaticMacAddress.ShouldBeFalse());
    }

    [Theory]
    [InlineData("AddFeatureSettings", "access 120")]
    [InlineData("ModifyResourceSettings", "00155D010203")]
    public async Task What_the_host_reports_and_does_not_show_is_no_success(string method, string part)
    {
        await using var agent = await AgentUnderTest.StartAsync(Host, agent => agent.PrepareSession = session
            => session.OnMethod[method] = _ => Task.FromResult(new CimMethodResult(0, new Dictionary<string, object?>())));

        var failure = (await agent.Steps.StartAsync(method == "AddFeatureSettings" ? VlanOf("front", 120) : MacOf("front", "00155D010203"))).Failure.ShouldNotBeNull();
        failure.Reason.ShouldBe("EFFECT_NOT_SHOWN");
        failure.Message.ShouldContain(part);
    }

    [Fact]
    public async Task Lost_answer_of_a_call_that_took_effect_is_made_again_and_ends_well()
    {
        await using var agent = await AgentUnderTest.StartAsync(Host, agent => agent.PrepareSession = session => session.OnMethod["AddFeatureSettings"] = async invoke =>
        {
            await invoke();
            throw new CimException(CimErrorCode.RpcServerUnavailable, "The answer was lost.");
        });

        // The setting is there now: the second call modifies it.
        (await agent.Steps.StartAsync(VlanOf("front", 120))).Failure.ShouldBeNull();
        (await AdapterAsync(agent, "front")).Vlan.ShouldBe("access 120");
    }

    [Theory]
    [InlineData("nowhere")]
    [InlineData("twin")]
    public async Task Adapter_that_is_not_there_or_not_the_only_one_is_refused(string adapter)
    {
        await using var agent = await AgentUnderTest.StartAsync(Host);
        (await agent.Steps.StartAsync(VlanOf(adapter, 120))).Failure.ShouldNotBeNull().Reason.ShouldBe("NOT_POSSIBLE");
        (await agent.Steps.StartAsync(MacOf(adapter, "00155D010203"))).Failure.ShouldNotBeNull().Reason.ShouldBe("NOT_POSSIBLE");
    }

    [Fact]
    public async Task What_no_adapter_could_have_is_one_error_that_names_it()
    {
        await using var agent = await AgentUnderTest.StartAsync(Host);
        await IsWrongAsync(VlanOf("front", 4095), "access_vlan", "is 4095; it must be 1 to 4094, or 0 for untagged");
        await IsWrongAsync(VlanOf("", 1), "network_adapter", "it must have 1 to 512");
        await IsWrongAsync(MacOf("front", ""), "mac_address", "12 hexadecimal digits");
        await IsWrongAsync(MacOf("front", "01155D010203"), "mac_address", "'01155D010203' is not a MAC address");
        await IsWrongAsync(With(OperationKind.Fence, request => request.AccessVlan = 1), "access_vlan", "fence does not take it");
        await IsWrongAsync(With(OperationKind.Fence, request => request.MacAddress = "00155D010203"), "mac_address", "fence does not take it");

        async Task IsWrongAsync(StartOperationRequest request, string field, string part)
        {
            var violation = (await agent.Steps.StartAsync(request)).Failure.ShouldNotBeNull().FieldViolations.ShouldHaveSingleItem();
            violation.Field.ShouldBe(field);
            violation.Description.ShouldContain(part);
        }
    }

    private static StartOperationRequest VlanOf(string adapter, uint vlan) => With(OperationKind.SetAdapterVlan, request => (request.NetworkAdapter, request.AccessVlan) = (adapter, vlan));

    private static StartOperationRequest MacOf(string adapter, string address) => With(OperationKind.SetAdapterMac, request => (request.NetworkAdapter, request.MacAddress) = (adapter, address));

    private static StartOperationRequest With(OperationKind kind, Action<StartOperationRequest> set)
    {
        var request = Calls.Step(kind, Stage.Id(1));
        set(request);
        return request;
    }

    private static async Task ShowsAsync(AgentUnderTest agent, string name, string vlan, string staticMac)
    {
        var shown = await AdapterAsync(agent, name);
        (shown.Vlan, shown.StaticMacAddress, shown.MacAddress).ShouldBe((vlan, true, staticMac));
    }

    private static async Task<MachineAdapter> AdapterAsync(AgentUnderTest agent, string name)
        => (await agent.Steps.GetMachineFactsAsync(new GetMachineFactsRequest { VirtualMachineId = Stage.Id(1).ToString(), IncludeAdapters = true }, deadline: Calls.Deadline)).NetworkAdapters
            .Single(adapter => adapter.Name == name);
}
