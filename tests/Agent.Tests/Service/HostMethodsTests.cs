using Grpc.Core;
using HostAgent.Agent.Tests.Support;
using HostAgent.Contracts.Failback.V1;
using HostAgent.HyperV.Simulation.Faults;
using HostAgent.HyperV.VirtualMachines;
using VirtualMachine = HostAgent.Contracts.Failback.V1.VirtualMachine;

namespace HostAgent.Agent.Tests.Service;

public sealed class HostMethodsTests
{
    [Fact]
    public async Task List_virtual_machines_pages_by_name_and_then_id_without_gap_or_repetition()
    {
        var machines = Enumerable.Range(1, 25).Select(number => Stage.Machine(number) with { Name = $"app-{number % 5}" }).ToList();
        await using var agent = await AgentUnderTest.StartAsync(Stage.Host([.. machines]));
        var seen = new List<VirtualMachine>();
        var token = "";
        do
        {
            var page = await agent.Operator.ListVirtualMachinesAsync(new ListVirtualMachinesRequest { PageSize = 7, PageToken = token });
            page.VirtualMachines.Count.ShouldBeLessThanOrEqualTo(7);
            seen.AddRange(page.VirtualMachines);
            token = page.NextPageToken;
        }
        while (token.Length > 0);

        seen.Select(machine => machine.Id).ShouldBe(machines.OrderBy(machine => machine.Name).ThenBy(machine => machine.Id.ToString()).Select(machine => machine.Id.ToString().ToUpperInvariant()));
        seen.ShouldAllBe(machine => machine.Eligible && machine.ReplicationMode == ReplicationMode.Replica && machine.PowerState == PowerState.Off);
    }

    [Fact]
    public async Task List_virtual_machines_filters_by_glob_without_case_and_binds_the_token_to_it()
    {
        await using var agent = await AgentUnderTest.StartAsync(Stage.Host(Stage.Machine(1) with { Name = "SQL-01" }, Stage.Machine(2) with { Name = "sql-02" }, Stage.Machine(3)));

        var page = await agent.Operator.ListVirtualMachinesAsync(new ListVirtualMachinesRequest { NamePattern = "sql-*", PageSize = 1 });
        page.VirtualMachines.ShouldHaveSingleItem().Name.ShouldBe("SQL-01");
        var failure = await Calls.FailureOfAsync(async () => await agent.Operator.ListVirtualMachinesAsync(new ListVirtualMachinesRequest { NamePattern = "app-*", PageToken = page.NextPageToken, PageSize = -1 }));

        failure.FieldViolations.Select(violation => violation.Field).ShouldBe(["page_size", "page_token"]);
    }

    [Fact]
    public async Task Machines_tell_the_size_of_their_replicated_disks()
    {
        await using var agent = await AgentUnderTest.StartAsync(Stage.Host(Stage.Machine(1) with { DiskGigabytes = 80, Disks = 2 }, Stage.Machine(2, new DiskMissingFault())));

        var machines = (await agent.Operator.ListVirtualMachinesAsync(new ListVirtualMachinesRequest())).VirtualMachines;
        var checkedOne = (await agent.Operator.CheckReadinessAsync(new CheckReadinessRequest { VirtualMachineId = Stage.Id(1).ToString() })).VirtualMachine;

        machines.Select(machine => machine.DiskBytes).ShouldBe([80_000_000_000, 0]);
        checkedOne.DiskBytes.ShouldBe(80_000_000_000);
    }

    [Fact]
    public async Task Machine_that_cannot_be_failed_back_says_why()
    {
        await using var agent = await AgentUnderTest.StartAsync(Stage.Host(Stage.Machine(1) with { Power = EnabledState.Running }));

        var machine = (await agent.Operator.ListVirtualMachinesAsync(new ListVirtualMachinesRequest())).VirtualMachines.ShouldHaveSingleItem();

        machine.Eligible.ShouldBeFalse();
        machine.IneligibleReason.ShouldContain("Running");
    }

    [Fact]
    public async Task Machine_with_a_live_operation_names_it()
    {
        var operation = Guid.NewGuid();
        await using var agent = await AgentUnderTest.StartAsync(Stage.Host(Stage.Machine(1, new PercentStuckFault())));
        await agent.Operator.InitiateUntilAsync(Calls.Request(operation, Stage.Id(1)), message => message.State == OperationState.Running);

        var machine = (await agent.Operator.ListVirtualMachinesAsync(new ListVirtualMachinesRequest())).VirtualMachines.ShouldHaveSingleItem();

        machine.LiveOperationId.ShouldBe(operation.ToString());
        machine.ReplicationState.ShouldBe(ReplicationState.FailbackInProgress);
        machine.ReplicationStateNumber.ShouldBe(13u);
    }

    [Fact]
    public async Task Recovery_points_come_newest_first()
    {
        await using var agent = await AgentUnderTest.StartAsync(Stage.Host(Stage.Machine(1)));

        var points = (await agent.Operator.ListRecoveryPointsAsync(new ListRecoveryPointsRequest { VirtualMachineId = Stage.Id(1).ToString() })).RecoveryPoints;

        points.Count.ShouldBeGreaterThan(1);
        points.Select(point => point.Time.ToDateTime()).ShouldBeInOrder(SortDirection.Descending);
        var missing = await Calls.FailureOfAsync(async () => await agent.Operator.ListRecoveryPointsAsync(new ListRecoveryPointsRequest { VirtualMachineId = Stage.Id(9).ToString() }));
        missing.Reason.ShouldBe("VIRTUAL_MACHINE_NOT_FOUND");
    }

    [Fact]
    public async Task Check_readiness_makes_every_check_and_changes_nothing()
    {
        await using var agent = await AgentUnderTest.StartAsync(Stage.Host(Stage.Machine(1), Stage.Machine(2) with { Power = EnabledState.Running }));

        var ready = await agent.Operator.CheckReadinessAsync(new CheckReadinessRequest { VirtualMachineId = Stage.Id(1).ToString() });
        var notReady = await agent.Operator.CheckReadinessAsync(new CheckReadinessRequest { VirtualMachineId = Stage.Id(2).ToString() });

        ready.Ready.ShouldBeTrue();
        notReady.Ready.ShouldBeFalse();
        notReady.Checks.Where(check => !check.Passed && check.Severity == CheckSeverity.Blocking).ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            check => check.Id.ShouldBe("VIRTUAL_MACHINE_NOT_OFF"), check => check.Remedy.ShouldNotBeEmpty());
        notReady.Checks.Select(check => check.Id).ShouldBe(ready.Checks.Select(check => check.Id));
        notReady.VirtualMachine.Name.ShouldBe("app-02");
        agent.Initiations.ShouldBe(0);
    }

    [Fact]
    public async Task Get_host_describes_host_and_agent_and_counts_the_simulated_initiations()
    {
        await using var agent = await AgentUnderTest.StartAsync(Stage.Host(Stage.Machine(1)));
        await agent.Operator.InitiateAsync(Calls.Request(Guid.NewGuid(), Stage.Id(1)));

        var host = await agent.Operator.GetHostAsync(new GetHostRequest());

        host.Name.ShouldBe(Stage.HostName, StringCompareShould.IgnoreCase);
        host.Simulated.ShouldBeTrue();
        host.ReplicationServiceAvailable.ShouldBeTrue();
        host.SimulatedInitiations.ShouldBe(1);
        host.MaxConcurrentFailbacks.ShouldBe(4);
        host.AgentVersion.ShouldNotBeEmpty();
        host.Draining.ShouldBeFalse();
        host.AgentTime.ShouldBeGreaterThanOrEqualTo(host.StartTime);
    }

    [Fact]
    public async Task Host_that_refuses_the_agents_account_is_permission_denied()
    {
        await using var agent = await AgentUnderTest.StartAsync(Stage.Host(Stage.Machine(1)) with { Faults = [new AccessDeniedFault()] });

        var failure = await Calls.FailureOfAsync(async () => await agent.Operator.ListVirtualMachinesAsync(new ListVirtualMachinesRequest()));

        (failure.StatusCode, failure.Reason).ShouldBe((StatusCode.PermissionDenied, "ACCESS_DENIED"));
    }

    [Fact]
    public async Task List_failbacks_pages_newest_first_and_filters()
    {
        var ids = Enumerable.Range(0, 3).Select(_ => Guid.NewGuid()).ToList();
        await using var agent = await AgentUnderTest.StartAsync(Stage.Host(Stage.Machine(1), Stage.Machine(2), Stage.Machine(3)));
        for (var i = 0; i < ids.Count; i++)
        {
            await agent.Operator.InitiateAsync(Calls.Request(ids[i], Stage.Id(i + 1)));
        }

        var first = await agent.Operator.ListFailbacksAsync(new ListFailbacksRequest { PageSize = 2 });
        var rest = await agent.Operator.ListFailbacksAsync(new ListFailbacksRequest { PageSize = 2, PageToken = first.NextPageToken });

        first.Operations.Concat(rest.Operations).Select(operation => operation.OperationId).ShouldBe(ids.AsEnumerable().Reverse().Select(id => id.ToString()));
        rest.NextPageToken.ShouldBeEmpty();
        (await agent.Operator.ListFailbacksAsync(new ListFailbacksRequest { VirtualMachineId = Stage.Id(2).ToString() })).Operations.ShouldHaveSingleItem().OperationId.ShouldBe(ids[1].ToString());
        (await agent.Operator.ListFailbacksAsync(new ListFailbacksRequest { LiveOnly = true })).Operations.ShouldBeEmpty();
        first.Operations[0].ShouldSatisfyAllConditions(
            operation => operation.State.ShouldBe(OperationState.Succeeded),
            operation => operation.RequestedBy.ShouldStartWith("failback://operator/test-operator#serial="),
            operation => operation.VirtualMachineName.ShouldBe("app-03"),
            operation => operation.EndTime.ShouldBeGreaterThanOrEqualTo(operation.StartTime));
    }
}
