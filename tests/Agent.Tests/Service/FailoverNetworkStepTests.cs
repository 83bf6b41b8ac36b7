using HostAgent.Agent.Tests.Support;
using HostAgent.Contracts.Failback.V1;
using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Simulation.Estates;

namespace HostAgent.Agent.Tests.Service;

/// <summary>What a guest gets on its adapters after a failover is set on the replica, shown, and taken at the start.</summary>
public sealed class FailoverNetworkStepTests
{
    private static SimulatedHostDescription Host => Stage.Host(Stage.Machine(1) with
    {
        State = HyperV.Replication.ReplicationState.Replicating,
        Adapters = [new() { Name = "front", Addresses = ["192.0.2.7"] }, new() { Name = "back", Addresses = ["192.0.2.8"] }, new() { Name = "twin" }, new() { Name = "twin" }],
    });

    [Fact]
    public async Task Addresses_are_set_shown_kept_and_taken_by_the_guest_after_the_failover()
    {
        await using var agent = await AgentUnderTest.StartAsync(Host);
        (await AdaptersAsync(agent)).ShouldAllBe(adapter => adapter.AfterFailover == null);
        var id = (await AdaptersAsync(agent)).Single(adapter => adapter.Name == "front").Id;

        (await agent.Steps.StartAsync(Request((id, Static(["10.1.0.7/24", "fd00:1:0::7/64"], ["10.1.0.1", "fd00:1::1"], ["10.1.0.2"]))))).Failure.ShouldBeNull();
        (await agent.Steps.StartAsync(Request(("BACK", new FailoverAddresses { Dhcp = true })))).Failure.ShouldBeNull();

        await agent.RestartAsync();
        var shown = (await AdaptersAsync(agent)).ToDictionary(adapter => adapter.Id);
        shown[id].AfterFailover.ShouldBe(Static(["10.1.0.7/24", "fd00:1::7/64"], ["10.1.0.1", "fd00:1::1"], ["10.1.0.2"]));
        shown.Values.Single(adapter => adapter.Name == "back").AfterFailover.ShouldBe(new FailoverAddresses { Dhcp = true });
        shown.Values.Where(adapter => adapter.Name == "twin").ShouldAllBe(adapter => adapter.AfterFailover == null);

        (await agent.Steps.StartAsync(await agent.Steps.TicketedAsync(OperationKind.FailOver, Stage.Id(1)))).Failure.ShouldBeNull();
        (await agent.Steps.StartAsync(await agent.Steps.TicketedAsync(OperationKind.StartMachine, Stage.Id(1)))).Failure.ShouldBeNull();
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        IReadOnlyList<MachineAdapter> adapters;
        do
        {
            deadline.Token.ThrowIfCancellationRequested();
            adapters = await AdaptersAsync(agent);
        }
        while (adapters.Single(adapter => adapter.Id == id).GuestAddresses.Count == 0);
        adapters.Single(adapter => adapter.Id == id).GuestAddresses.ShouldBe(["10.1.0.7", "fd00:1::7"]);
        adapters.Single(adapter => adapter.Name == "back").GuestAddresses.ShouldBe(["192.0.2.8"]);
    }

    [Fact]
    public async Task Settings_that_the_host_reports_and_does_not_show_are_no_success()
    {
        await using var agent = await AgentUnderTest.StartAsync(Host, agent => agent.PrepareSession = session
            => session.OnMethod["SetFailoverNetworkAdapterSettings"] = _ => Task.FromResult(new CimMethodResult(0, new Dictionary<string, object?>())));

        var failure = (await agent.Steps.StartAsync(Request(("front", Static(["10.1.0.7/24"], [], []))))).Failure.ShouldNotBeNull();
        failure.Reason.ShouldBe("EFFECT_NOT_SHOWN");
        failure.Message.ShouldContain("10.1.0.7/24");
    }

    [Fact]
    public async Task Lost_answer_of_a_call_that_took_effect_is_made_again_and_ends_well()
    {
        var calls = 0;
        await using var agent = await AgentUnderTest.StartAsync(Host, agent => agent.PrepareSession = session => session.OnMethod["SetFailoverNetworkAdapterSettings"] = async invoke =>
        {
            var answer = await invoke();
            return Interlocked.Increment(ref calls) == 1 ? throw new CimException(CimErrorCode.RpcServerUnavailable, "The answer was lost.") : answer;
        });

        (await agent.Steps.StartAsync(Request(("front", Static(["10.1.0.7/24"], [], []))))).Failure.ShouldBeNull();
        (await AdaptersAsync(agent)).Single(adapter => adapter.Name == "front").AfterFailover.Addresses.ShouldBe(["10.1.0.7/24"]);
    }

    [Theory]
    [InlineData("nowhere")]
    [InlineData("twin")]
    public async Task Adapter_that_is_not_there_or_not_the_only_one_is_refused(string adapter)
    {
        await using var agent = await AgentUnderTest.StartAsync(Host);
        (await agent.Steps.StartAsync(Request((adapter, new FailoverAddresses { Dhcp = true })))).Failure.ShouldNotBeNull().Reason.ShouldBe("NOT_POSSIBLE");
    }

    [Fact]
    public async Task Adapter_that_is_named_twice_in_two_ways_is_refused()
    {
        await using var agent = await AgentUnderTest.StartAsync(Host);
        var id = (await AdaptersAsync(agent)).Single(adapter => adapter.Name == "front").Id;
        (await agent.Steps.StartAsync(Request(("front", new FailoverAddresses { Dhcp = true }), (id, Static(["10.1.0.7/24"], [], []))))).Failure.ShouldNotBeNull().Reason.ShouldBe("NOT_POSSIBLE");
    }

    [Fact]
    public async Task Machine_that_is_failed_over_already_is_refused()
    {
        await using var agent = await AgentUnderTest.StartAsync(Stage.Host(Stage.Machine(1)));
        (await agent.Steps.StartAsync(Request(("Network Adapter", new FailoverAddresses { Dhcp = true })))).Failure.ShouldNotBeNull().Reason.ShouldBe("WRONG_STATE");
    }

    public static TheoryData<FailoverAddresses, string, string> Wrong => new()
    {
        { new FailoverAddresses(), "failover_adapters[0].addresses", "neither dhcp nor an address" },
        { new FailoverAddresses { Dhcp = true, Gateways = { "10.1.0.1" } }, "failover_adapters[0].addresses", "with dhcp the lists must be empty" },
        { Static(["10.1.0.7"], [], []), "failover_adapters[0].addresses.addresses[0]", "'10.1.0.7' is not" },
        { Static(["10.1/24"], [], []), "failover_adapters[0].addresses.addresses[0]", "'10.1/24' is not" },
        { Static(["10.1.0.7/33"], [], []), "failover_adapters[0].addresses.addresses[0]", "'10.1.0.7/33' is not" },
        { Static(["fd00::7/0"], [], []), "failover_adapters[0].addresses.addresses[0]", "'fd00::7/0' is not" },
        { Static(["fe80::7%3/64"], [], []), "failover_adapters[0].addresses.addresses[0]", "is not an address" },
        { Static(["127.0.0.1/8"], [], []), "failover_adapters[0].addresses.addresses[0]", "loopback" },
        { Static(["224.0.0.5/24"], [], []), "failover_adapters[0].addresses.addresses[0]", "multicast" },
        { Static(["10.1.0.7/24", "10.1.0.7/16"], [], []), "failover_adapters[0].addresses.addresses[1]", "is there before" },
        { Static(["10.1.0.7/24"], ["gateway"], []), "failover_adapters[0].addresses.gateways[0]", "'gateway' is not an address" },
        { Static(["10.1.0.7/24"], ["fd00::1"], []), "failover_adapters[0].addresses.gateways", "'fd00::1'" },
        { Static(["10.1.0.7/24"], ["10.1.0.1", "10.1.0.2", "10.1.0.3", "10.1.0.4", "10.1.0.5", "10.1.0.6"], []), "failover_adapters[0].addresses.gateways", "has 6 elements; it must have at most 5" },
        { Static(["10.1.0.7/24"], [], ["dns.example"]), "failover_adapters[0].addresses.dns_servers[0]", "'dns.example' is not an address" },
    };

    [Theory]
    [MemberData(nameof(Wrong), DisableDiscoveryEnumeration = true)]
    public async Task What_no_guest_could_have_is_one_error_that_names_it(FailoverAddresses given, string field, string part)
    {
        await using var agent = await AgentUnderTest.StartAsync(Host);
        var violation = (await agent.Steps.StartAsync(Request(("front", given)))).Failure.ShouldNotBeNull().FieldViolations.ShouldHaveSingleItem();
        violation.Field.ShouldBe(field);
        violation.Description.ShouldContain(part);
    }

    [Fact]
    public async Task Adapters_are_named_once_and_only_for_this_kind()
    {
        await using var agent = await AgentUnderTest.StartAsync(Host);
        var dhcp = new FailoverAddresses { Dhcp = true };
        await ShouldBeWrongAsync(Request(), "failover_adapters");
        await ShouldBeWrongAsync(Request(("", dhcp)), "failover_adapters[0].network_adapter");
        await ShouldBeWrongAsync(Request(("front", dhcp), ("FRONT", dhcp)), "failover_adapters[1].network_adapter");
        var other = Request(("front", dhcp));
        other.Kind = OperationKind.Fence;
        await ShouldBeWrongAsync(other, "failover_adapters");

        async Task ShouldBeWrongAsync(StartOperationRequest request, string field)
            => (await agent.Steps.StartAsync(request)).Failure.ShouldNotBeNull().FieldViolations.ShouldHaveSingleItem().Field.ShouldBe(field);
    }

    private static FailoverAddresses Static(string[] addresses, string[] gateways, string[] servers) => new() { Addresses = { addresses }, Gateways = { gateways }, DnsServers = { servers } };

    private static StartOperationRequest Request(params (string Adapter, FailoverAddresses Addresses)[] adapters)
    {
        var request = Calls.Step(OperationKind.SetFailoverNetwork, Stage.Id(1));
        request.FailoverAdapters.Add(adapters.Select(adapter => new FailoverAdapter { NetworkAdapter = adapter.Adapter, Addresses = adapter.Addresses }));
        return request;
    }

    private static async Task<IReadOnlyList<MachineAdapter>> AdaptersAsync(AgentUnderTest agent)
        => (await agent.Steps.GetMachineFactsAsync(new GetMachineFactsRequest { VirtualMachineId = Stage.Id(1).ToString(), IncludeAdapters = true }, deadline: Calls.Deadline)).NetworkAdapters;
}
