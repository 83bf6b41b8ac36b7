using HostAgent.Agent.Configuration;
using HostAgent.Agent.Guards;
using HostAgent.Agent.Tests.Support;
using HostAgent.Contracts.Failback.V1;
using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Failover;
using HostAgent.HyperV.Simulation.Estates;
using HostAgent.HyperV.VirtualMachines;
using ReplicationMode = HostAgent.HyperV.Replication.ReplicationMode;
using ReplicationState = HostAgent.HyperV.Replication.ReplicationState;

namespace HostAgent.Agent.Tests.Guards;

/// <summary>The host waits with the replicated machines that it starts by itself, so that the agent and the coordinator come first.</summary>
public sealed class StartupDelayGuardTests
{
    private const int Last = 9;

    [Fact]
    public void Site_that_says_nothing_holds() => new AgentOptions().BootGuard.ShouldBe("hold");

    [Theory]
    [InlineData("hold")]
    [InlineData("start")]
    public async Task Only_replicated_machines_that_may_start_by_themselves_are_delayed_and_once(string setting)
    {
        await using var agent = await AgentUnderTest.StartAsync(
            Stage.Host(Primary(1), Primary(2) with { StartupAction = StartupAction.None }, Primary(3) with { Mode = ReplicationMode.None }, Primary(4) with { Power = EnabledState.Running }, Primary(Last)),
            agent => agent.Arguments.AddRange(["--boot-guard", setting]));

        await UntilDelayedAsync(agent, 1, 4, Last);

        (await DelayOfAsync(agent, 2)).ShouldBe(TimeSpan.Zero);
        (await DelayOfAsync(agent, 3)).ShouldBe(TimeSpan.Zero);
        await agent.RestartAsync();
        await UntilDelayedAsync(agent, 1, 4, Last);
        // A step of a caller that begins after the guard's look ends after it.
        (await agent.Steps.StartAsync(Calls.Step(OperationKind.DelayStartup, Stage.Id(2)))).Failure.ShouldBeNull();
        var made = (await agent.Steps.ListOperationsAsync(new ListOperationsRequest(), deadline: Calls.Deadline)).Operations.Where(operation => operation.RequestedBy == "boot guard").ToList();
        made.Select(operation => operation.VirtualMachineId).Order().ShouldBe([Name(1), Name(4), Name(Last)]);
        made.ShouldAllBe(operation => operation.Kind == "delay-startup");
    }

    [Fact]
    public async Task Guard_that_is_off_changes_nothing()
    {
        await using var agent = await AgentUnderTest.StartAsync(Stage.Host(Primary(1)), agent => agent.Arguments.AddRange(["--boot-guard", "off"]));

        (await agent.Steps.StartAsync(Calls.Step(OperationKind.Fence, Stage.Id(1)))).Failure.ShouldBeNull();

        (await agent.Steps.ListOperationsAsync(new ListOperationsRequest(), deadline: Calls.Deadline)).Operations.ShouldHaveSingleItem();
        (await DelayOfAsync(agent, 1)).ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public async Task Delay_that_the_host_reports_and_does_not_show_is_no_success()
    {
        await using var agent = await AgentUnderTest.StartAsync(Stage.Host(Primary(1)), agent =>
        {
            agent.Arguments.AddRange(["--boot-guard", "off"]);
            agent.PrepareSession = session => session.OnMethod["ModifySystemSettings"] = _ => Task.FromResult(new CimMethodResult(0, new Dictionary<string, object?>()));
        });

        (await agent.Steps.StartAsync(Calls.Step(OperationKind.DelayStartup, Stage.Id(1)))).Failure.ShouldNotBeNull().Reason.ShouldBe("EFFECT_NOT_SHOWN");
    }

    [Theory]
    [InlineData("hold", EnabledState.Off)]
    [InlineData("start", EnabledState.Running)]
    public async Task Host_that_comes_back_starts_a_machine_that_was_handed_over_only_where_the_site_says_so(string setting, EnabledState after)
    {
        await using var agent = await AgentUnderTest.StartAsync(Stage.Host(Primary(1), Primary(2) with { Power = EnabledState.Running }), agent => agent.Arguments.AddRange(["--boot-guard", setting]));
        await UntilDelayedAsync(agent, 1, 2);
        await agent.StopAsync();
        await using (var journal = Recorded.Open(agent.DataDirectory))
        {
            await journal.RecordAsync(Recorded.Facts(Guid.NewGuid()) with { Kind = "turn-off" }, Agent.Operations.Model.OperationState.Succeeded);
        }

        // The host waits with its machines for three minutes of its own clock, which is kept at the pace of ours until the guard has looked.
        agent.HostSpeed = 1;
        await agent.StartAsync();
        agent.Host.FailPower();
        agent.Host.ReturnPower();
        await agent.RestartAsync();
        await agent.Part<BootGuard>().FirstLook.WaitAsync(TestContext.Current.CancellationToken);
        while ((await agent.Steps.ListOperationsAsync(new ListOperationsRequest { LiveOnly = true }, deadline: Calls.Deadline)).Operations.Count > 0)
        {
            await Task.Yield();
        }

        agent.HostSpeed = 600;
        await agent.RestartAsync();

        // The other machine was not handed over, and shows when the wait is over.
        while (await PowerOfAsync(agent, 2) != EnabledState.Running)
        {
            await Task.Yield();
        }

        (await PowerOfAsync(agent, 1)).ShouldBe(after);
    }

    private static SimulatedVirtualMachineDescription Primary(int number) => Stage.Machine(number) with { Mode = ReplicationMode.Primary, State = ReplicationState.Replicating, StartupAction = StartupAction.Always };

    private static string Name(int machine) => Stage.Id(machine).ToString().ToUpperInvariant();

    private static async Task UntilDelayedAsync(AgentUnderTest agent, params int[] machines)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        foreach (var machine in machines)
        {
            while (await DelayOfAsync(agent, machine) < TimeSpan.FromSeconds(180))
            {
                deadline.Token.ThrowIfCancellationRequested();
            }
        }
    }

    private static async Task<EnabledState> PowerOfAsync(AgentUnderTest agent, int machine)
        => (await agent.Part<HyperV.HyperVHost>().FindVirtualMachineAsync(new VirtualMachineId(Stage.Id(machine)), TestContext.Current.CancellationToken))!.EnabledState;

    private static async Task<TimeSpan> DelayOfAsync(AgentUnderTest agent, int machine)
        => (await agent.Steps.GetMachineFactsAsync(new GetMachineFactsRequest { VirtualMachineId = Stage.Id(machine).ToString() }, deadline: Calls.Deadline)).StartupDelay.ToTimeSpan();
}
