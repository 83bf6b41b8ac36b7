using HostAgent.Agent.Guards;
using HostAgent.Agent.Tests.Support;
using HostAgent.Contracts.Failback.V1;
using HostAgent.HyperV.Failover;
using HostAgent.HyperV.Simulation.Estates;
using HostAgent.HyperV.VirtualMachines;
using OperationState = HostAgent.Agent.Operations.Model.OperationState;
using ReplicationMode = HostAgent.HyperV.Replication.ReplicationMode;
using ReplicationState = HostAgent.HyperV.Replication.ReplicationState;
using UnfinishedWork = HostAgent.Agent.Guards.UnfinishedWork;

namespace HostAgent.Agent.Tests.Guards;

/// <summary>A machine that was taken out of production and forgotten is told of, and no other is.</summary>
public sealed class UnfinishedMachinesTests
{
    private static readonly TimeSpan Almost = TimeSpan.FromMinutes(10) - TimeSpan.FromSeconds(1);

    private static SimulatedVirtualMachineDescription Prepared => Stage.Machine(1) with { Mode = ReplicationMode.Primary, State = ReplicationState.SyncedReplicationComplete };

    private static SimulatedVirtualMachineDescription Stopped => Stage.Machine(1) with { Mode = ReplicationMode.Primary, State = ReplicationState.Replicating };

    [Fact]
    public async Task Prepared_machine_is_reported_after_ten_minutes_and_again_after_each_doubling()
    {
        await using var host = await GuardedHost.OpenAsync(Prepared);
        await host.StepAsync("shut-down-guest");
        await host.StepAsync("fence");
        await host.StepAsync("prepare-planned-failover");

        (await host.LookAfterAsync(Almost)).ShouldBeEmpty();
        var found = (await host.LookAfterAsync(TimeSpan.FromSeconds(1))).ShouldHaveSingleItem();
        (found.Work, found.Name, found.Since).ShouldBe((UnfinishedWork.Prepared, "app-01", Recorded.Now));
        host.Warnings.ShouldHaveSingleItem().ShouldContain(found.Advice);
        (await host.LookAfterAsync(Almost)).Count.ShouldBe(1);
        host.Warnings.Count.ShouldBe(1);
        await host.LookAfterAsync(TimeSpan.FromSeconds(1));
        host.Warnings.Count.ShouldBe(2);
        await host.LookAfterAsync(TimeSpan.FromMinutes(19));
        host.Warnings.Count.ShouldBe(2);
        await host.LookAfterAsync(TimeSpan.FromMinutes(1));
        host.Warnings.Count.ShouldBe(3);
    }

    [Fact]
    public async Task Record_survives_a_restart_of_the_agent()
    {
        await using var host = await GuardedHost.OpenAsync(Prepared);
        await host.StepAsync("prepare-planned-failover");
        await host.LookAfterAsync(TimeSpan.FromMinutes(5));
        await host.RestartAsync();

        (await host.LookAfterAsync(TimeSpan.FromMinutes(5))).ShouldHaveSingleItem().Since.ShouldBe(Recorded.Now);
    }

    [Theory]
    [InlineData(UnfinishedWork.Stopped, ReplicationMode.Primary, ReplicationState.Replicating, "shut-down-guest")]
    [InlineData(UnfinishedWork.Stopped, ReplicationMode.Primary, ReplicationState.Critical, "turn-off")]
    [InlineData(UnfinishedWork.Stopped, ReplicationMode.Primary, ReplicationState.Replicating, "prepare-planned-failover", "cancel-planned-failover")]
    [InlineData(UnfinishedWork.Stopped, ReplicationMode.Primary, ReplicationState.Replicating, "turn-off", "fence", "unfence")]
    [InlineData(UnfinishedWork.FailedOver, ReplicationMode.Replica, ReplicationState.Recovered, "fail-over")]
    public async Task Every_state_of_an_outage_is_reported_as_the_host_shows_it(object expected, ReplicationMode mode, ReplicationState state, params string[] steps)
    {
        await using var host = await GuardedHost.OpenAsync(Stage.Machine(1) with { Mode = mode, State = state });
        foreach (var step in steps)
        {
            await host.StepAsync(step);
        }

        (await host.LookAfterAsync(TimeSpan.FromMinutes(10))).ShouldHaveSingleItem().Work.ShouldBe((UnfinishedWork)expected);
    }

    [Theory]
    [InlineData("turn-off", "start-machine")]
    [InlineData("fail-over", "start-machine")]
    [InlineData("fail-over", "revert-failover")]
    [InlineData("fail-over", "start-machine", "reverse-replication")]
    [InlineData("turn-off", "become-replica")]
    [InlineData("fence", "unfence")]
    [InlineData("test-connection")]
    public async Task Machine_that_had_its_last_step_is_never_read(params string[] steps)
    {
        await using var host = await GuardedHost.OpenAsync(Stage.Machine(1));
        foreach (var step in steps)
        {
            await host.StepAsync(step);
        }

        var calls = host.Session.Calls;
        (await host.LookAfterAsync(TimeSpan.FromDays(30))).ShouldBeEmpty();
        host.Session.Calls.ShouldBe(calls);
    }

    [Theory]
    [InlineData(OperationState.Failed)]
    [InlineData(OperationState.UnknownOutcome)]
    public async Task Step_that_did_not_succeed_finishes_nothing_and_may_have_stopped_the_machine(object state)
    {
        await using var host = await GuardedHost.OpenAsync(Stopped);
        await host.StepAsync("shut-down-guest", (OperationState)state);
        await host.StepAsync("start-machine", (OperationState)state);

        (await host.LookAfterAsync(TimeSpan.FromMinutes(10))).ShouldHaveSingleItem().Work.ShouldBe(UnfinishedWork.Stopped);
    }

    [Fact]
    public async Task Machine_that_runs_is_not_reported_and_not_read_again()
    {
        await using var host = await GuardedHost.OpenAsync(Stopped);
        await host.StepAsync("turn-off");
        (await host.LookAfterAsync(TimeSpan.FromMinutes(10))).Count.ShouldBe(1);
        await host.StartMachineAsync(1);

        (await host.LookAfterAsync(TimeSpan.FromMinutes(1))).ShouldBeEmpty();
        var calls = host.Session.Calls;
        (await host.LookAfterAsync(TimeSpan.FromHours(1))).ShouldBeEmpty();
        host.Session.Calls.ShouldBe(calls);
        host.Warnings.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Fenced_machine_is_reported_after_a_day()
    {
        await using var host = await GuardedHost.OpenAsync(Stopped with { StartupAction = StartupAction.None });
        await host.StepAsync("fence");

        (await host.LookAfterAsync(TimeSpan.FromHours(24) - TimeSpan.FromSeconds(1))).ShouldBeEmpty();
        (await host.LookAfterAsync(TimeSpan.FromSeconds(1))).ShouldHaveSingleItem().Work.ShouldBe(UnfinishedWork.Fenced);
        await host.LookAfterAsync(TimeSpan.FromHours(23));
        host.Warnings.Count.ShouldBe(1);
        await host.LookAfterAsync(TimeSpan.FromHours(1));
        host.Warnings.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Fenced_replica_that_receives_is_as_it_should_be()
    {
        await using var host = await GuardedHost.OpenAsync(Stage.Machine(1) with { State = ReplicationState.Replicating });
        await host.StepAsync("fence");

        (await host.LookAfterAsync(TimeSpan.FromDays(2))).ShouldBeEmpty();
    }

    [Fact]
    public async Task Host_that_cannot_be_read_is_read_again()
    {
        await using var host = await GuardedHost.OpenAsync(Prepared);
        await host.StepAsync("prepare-planned-failover");
        host.Session.OutOfReach = true;
        (await host.LookAfterAsync(TimeSpan.FromMinutes(10))).ShouldBeEmpty();
        host.Session.OutOfReach = false;
        // A management service that comes back is not believed for a minute.
        (await host.LookAfterAsync(TimeSpan.FromSeconds(30))).ShouldBeEmpty();

        (await host.LookAfterAsync(TimeSpan.FromSeconds(30))).ShouldHaveSingleItem().Work.ShouldBe(UnfinishedWork.Prepared);
    }

    [Fact]
    public async Task Host_shows_the_machine_until_its_next_step()
    {
        await using var agent = await AgentUnderTest.StartAsync(Stage.Host(Stage.Machine(1)));
        await agent.StopAsync();
        await using (var journal = Recorded.Open(agent.DataDirectory))
        {
            await journal.RecordAsync(Recorded.Facts(Guid.NewGuid()) with { Kind = "fail-over" }, OperationState.Succeeded);
        }

        await agent.StartAsync();
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (agent.Part<UnfinishedMachines>().Shown.Count == 0)
        {
            // A host that came into sight just now is not believed yet.
            await agent.Part<UnfinishedMachines>().LookAsync(deadline.Token);
        }

        var shown = (await agent.Operator.GetHostAsync(new GetHostRequest())).Unfinished.ShouldHaveSingleItem();
        (shown.Name, shown.What, shown.SinceTime.ToDateTimeOffset()).ShouldBe(("app-01", Contracts.Failback.V1.UnfinishedWork.FailedOver, Recorded.Now));
        shown.Advice.ShouldNotBeEmpty();

        await agent.Steps.StartAsync(await agent.Steps.TicketedAsync(OperationKind.StartMachine, Stage.Id(1)));
        await agent.Part<UnfinishedMachines>().LookAsync(deadline.Token);
        (await agent.Operator.GetHostAsync(new GetHostRequest())).Unfinished.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(UnfinishedWork.Prepared)]
    [InlineData(UnfinishedWork.Stopped)]
    [InlineData(UnfinishedWork.FailedOver)]
    [InlineData(UnfinishedWork.Fenced)]
    public async Task Advice_demands_the_proof_about_the_other_host_before_anything_that_starts_the_machine(object work)
    {
        await using var host = await GuardedHost.OpenAsync(Prepared);
        var machine = await host.Host.FindVirtualMachineAsync(new VirtualMachineId(Stage.Id(1)), TestContext.Current.CancellationToken);

        var advice = OutageAdvice.For((UnfinishedWork)work, machine!);

        var proof = advice.IndexOf("First prove that it is off", StringComparison.Ordinal);
        proof.ShouldBeGreaterThan(-1);
        var then = advice.IndexOf("nly then", StringComparison.Ordinal);
        then.ShouldBeGreaterThan(proof);
        string[] actions = ["start it", "cancel the planned failover here", "startup action", "end-outage"];
        foreach (var first in actions.Select(action => advice.IndexOf(action, StringComparison.Ordinal)).Where(index => index >= 0))
        {
            first.ShouldBeGreaterThan(then);
        }
    }
}
