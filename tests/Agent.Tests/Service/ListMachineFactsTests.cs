using HostAgent.Agent.Tests.Support;
using HostAgent.Contracts.Failback.V1;
using HostAgent.HyperV.Jobs;
using HostAgent.HyperV.Simulation.Estates;
using HostAgent.HyperV.VirtualMachines;

namespace HostAgent.Agent.Tests.Service;

/// <summary>The facts of all machines are those of each, read at once.</summary>
public sealed class ListMachineFactsTests
{
    private static readonly SimulatedVirtualMachineDescription Replica = Stage.Machine(1) with { State = HyperV.Replication.ReplicationState.Replicating };
    private static readonly SimulatedVirtualMachineDescription Running = Stage.Machine(2) with
    {
        Mode = HyperV.Replication.ReplicationMode.Primary,
        State = HyperV.Replication.ReplicationState.Replicating,
        Power = EnabledState.Running,
        StartupAction = HyperV.Failover.StartupAction.Always,
    };
    private static readonly SimulatedVirtualMachineDescription Alone = Stage.Machine(3) with { Mode = HyperV.Replication.ReplicationMode.None };

    // Neither grace period ends while the test reads: the first is over at once, the second lasts a day.
    [Theory]
    [InlineData(0, true)]
    [InlineData(86_400, false)]
    public async Task Each_machine_has_the_facts_that_it_has_alone(int graceSeconds, bool believed)
    {
        await using var agent = await AgentUnderTest.StartAsync(Stage.Host(Replica, Running, Alone), agent =>
        {
            agent.Arguments.AddRange(["--boot-guard", "off"]);
            var timing = agent.Timing;
            agent.Timing = host => timing(host) with { UndecidedGracePeriod = TimeSpan.FromSeconds(graceSeconds) };
        });
        (await agent.Steps.StartAsync(Calls.Step(OperationKind.TestFailover, Stage.Id(1)))).Failure.ShouldBeNull();
        // The steps that follow do not end by themselves: what is compared must stand still.
        agent.Host.StartOtherJob(Stage.Id(3), JobType.CreateSnapshot, duration: null);

        var listed = (await agent.Steps.ListMachineFactsAsync(new ListMachineFactsRequest(), deadline: Calls.Deadline)).MachineFacts;

        listed.Count.ShouldBe(4);
        listed.ShouldAllBe(facts => facts.Believed == believed);
        listed.Select(facts => facts.FactsId).Distinct().ShouldHaveSingleItem();
        listed.Select(facts => facts.VirtualMachine.Name).ShouldBe(["app-01", "app-01 - Test", "app-02", "app-03"]);
        foreach (var facts in listed)
        {
            var alone = await agent.Steps.GetMachineFactsAsync(new GetMachineFactsRequest { VirtualMachineId = facts.VirtualMachine.Id }, deadline: Calls.Deadline);
            Comparable(facts).ShouldBe(Comparable(alone));
        }

        listed[0].TestMachineIds.ShouldBe([listed[1].VirtualMachine.Id]);
        listed[2].Guest.CanShutDown.ShouldBeTrue();
        listed[3].Jobs.ShouldHaveSingleItem().Type.ShouldBe((uint)JobType.CreateSnapshot);
    }

    [Fact]
    public async Task Pages_have_every_machine_once_and_a_token_of_another_list_is_refused()
    {
        await using var agent = await AgentUnderTest.StartAsync(Stage.Host([.. Enumerable.Range(1, 5).Select(number => Stage.Machine(number))]));
        var (seen, token) = (new List<string>(), "");
        do
        {
            var page = await agent.Steps.ListMachineFactsAsync(new ListMachineFactsRequest { PageSize = 2, PageToken = token }, deadline: Calls.Deadline);
            page.MachineFacts.Count.ShouldBeInRange(1, 2);
            seen.AddRange(page.MachineFacts.Select(facts => facts.VirtualMachine.Name));
            token = page.NextPageToken;
        }
        while (token.Length > 0);

        seen.ShouldBe(["app-01", "app-02", "app-03", "app-04", "app-05"]);
        var other = (await agent.Coordinator.ListVirtualMachinesAsync(new ListVirtualMachinesRequest { PageSize = 1 }, deadline: Calls.Deadline)).NextPageToken;
        (await RefusedAsync(agent, new ListMachineFactsRequest { PageToken = other })).Field.ShouldBe("page_token");
        (await RefusedAsync(agent, new ListMachineFactsRequest { PageSize = 1001 })).Description.ShouldContain("1001");
    }

    [Fact]
    public async Task Number_of_queries_does_not_depend_on_the_number_of_machines()
    {
        (await CallsForAsync(2)).ShouldBe(await CallsForAsync(40));

        static async Task<int> CallsForAsync(int machines)
        {
            await using var agent = await AgentUnderTest.StartAsync(
                Stage.Host([.. Enumerable.Range(1, machines).Select(number => Running with { Id = Stage.Id(number), Name = $"app-{number:D2}" })]), agent => agent.Arguments.AddRange(["--boot-guard", "off"]));
            // The agent's own looks are over when its journal has an operation of its own.
            (await agent.Steps.StartAsync(Calls.Step(OperationKind.Unfence, Stage.Id(1)))).Failure.ShouldBeNull();
            var facts = agent.Part<MachineReads.MachineFactsSource>();
            var before = agent.Session.Calls;
            (await facts.ListAsync(TestContext.Current.CancellationToken)).Count.ShouldBe(machines);
            return agent.Session.Calls - before;
        }
    }

    [Fact]
    public async Task Facts_of_a_list_serve_a_ticket()
    {
        await using var agent = await AgentUnderTest.StartAsync(Stage.Host(Replica));
        var request = await agent.Steps.TicketedAsync(OperationKind.FailOver, Stage.Id(1));
        request.Ticket.FactsId = (await agent.Steps.ListMachineFactsAsync(new ListMachineFactsRequest(), deadline: Calls.Deadline)).MachineFacts[0].FactsId;

        (await agent.Steps.StartAsync(request)).Failure.ShouldBeNull();
    }

    [Fact]
    public async Task Host_out_of_reach_is_unavailable()
    {
        await using var agent = await AgentUnderTest.StartAsync(Stage.Host(Replica));
        agent.Session.OutOfReach = true;
        (await Calls.FailureOfAsync(async () => await agent.Steps.ListMachineFactsAsync(new ListMachineFactsRequest(), deadline: Calls.Deadline))).Reason.ShouldBe("HOST_UNAVAILABLE");
    }

    private static async Task<Transport.FieldViolation> RefusedAsync(AgentUnderTest agent, ListMachineFactsRequest request)
        => (await Calls.FailureOfAsync(async () => await agent.Steps.ListMachineFactsAsync(request, deadline: Calls.Deadline))).FieldViolations.ShouldHaveSingleItem();

    // What differs between two reads.
    private static MachineFacts Comparable(MachineFacts facts)
    {
        var same = facts.Clone();
        (same.FactsId, same.ReadTime, same.HostTime) = ("", null, null);
        if (same.Guest is { } guest)
        {
            guest.OnTime = null;
        }

        return same;
    }
}
