using HostAgent.Agent.Configuration;
using HostAgent.Agent.Guards;
using HostAgent.Agent.Hosting;
using HostAgent.Agent.Journal;
using HostAgent.Agent.Operations;
using HostAgent.Agent.Tests.Support;
using HostAgent.Contracts.Failback.V1;
using HostAgent.HyperV;
using HostAgent.HyperV.Failover;
using HostAgent.HyperV.VirtualMachines;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using OperationState = HostAgent.Agent.Operations.Model.OperationState;
using ReplicationMode = HostAgent.HyperV.Replication.ReplicationMode;
using ReplicationState = HostAgent.HyperV.Replication.ReplicationState;

namespace HostAgent.Agent.Tests.Guards;

/// <summary>At the agent's start, machines that were handed over lose their startup action, and no others do.</summary>
public sealed class BootGuardTests
{
    private const int Sentinel = 2;

    [Theory]
    [InlineData("hold", 4, 2, "shut-down-guest", "fence", "prepare-planned-failover")]
    [InlineData("hold", 3, 2, "become-replica")]
    [InlineData("hold", 4, 2, "turn-off")]
    [InlineData("hold", 4, 2, "start-machine", "shut-down-guest")]
    [InlineData("hold", 4, 4, "turn-off", "start-machine")]
    [InlineData("hold", 4, 4, "prepare-planned-failover", "cancel-planned-failover")]
    [InlineData("hold", 3, 3, "shut-down-guest", "unfence")]
    [InlineData("hold", 3, 3, "fail-over")]
    [InlineData("hold", 3, 3, "fence")]
    [InlineData("off", 4, 4, "prepare-planned-failover")]
    [InlineData("start", 4, 4, "prepare-planned-failover")]
    public async Task Machine_keeps_its_startup_action_unless_it_was_handed_over(string setting, uint before, uint after, params string[] steps)
        => await CheckAsync(setting, EnabledState.Off, before, after, OperationState.Succeeded, steps);

    [Fact]
    public async Task Machine_that_runs_is_left_alone() => await CheckAsync("hold", EnabledState.Running, 4, 4, OperationState.Succeeded, "prepare-planned-failover");

    [Theory]
    [InlineData(OperationState.UnknownOutcome, 2u)]
    [InlineData(OperationState.Failed, 4u)]
    public async Task Step_that_may_have_taken_effect_counts_and_one_that_failed_does_not(object state, uint after)
        => await CheckAsync("hold", EnabledState.Off, 4, after, (OperationState)state, "prepare-planned-failover");

    [Fact]
    public async Task Host_that_is_out_of_reach_at_the_start_is_tried_again()
    {
        await using var agent = await AgentUnderTest.StartAsync(Stage.Host(Stage.Machine(1) with { Mode = ReplicationMode.Primary, State = ReplicationState.Replicating, StartupAction = StartupAction.Always }), agent => agent.Arguments.AddRange(["--boot-guard", "off"]));
        await agent.StopAsync();
        await using (var journal = Recorded.Open(agent.DataDirectory))
        {
            await journal.RecordAsync(Recorded.Facts(Guid.NewGuid()) with { Kind = "turn-off" }, OperationState.Succeeded);
        }

        await agent.StartAsync();
        var (time, log) = (new FakeTimeProvider(), new CollectedLog());
        using var loggers = LoggerFactory.Create(logging => logging.AddProvider(log));
        using var guard = new BootGuard(
            new AgentOptions { BootGuard = "hold" }, agent.Part<OperationJournal>(), agent.Part<HyperVHost>(), agent.Part<HostOperations>(), agent.Part<OwnSteps>(), agent.Part<AgentIdentity>(), time, loggers.CreateLogger<BootGuard>());
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        agent.Session.OutOfReach = true;
        await guard.StartAsync(deadline.Token);
        while (!log.Lines.Any(line => line.Text.StartsWith("Boot guard: looking at machine app-01", StringComparison.Ordinal)))
        {
            await Task.Yield();
            deadline.Token.ThrowIfCancellationRequested();
        }

        agent.Session.OutOfReach = false;
        (await ActionAsync(agent, 1)).ShouldBe(4u);
        time.Advance(TimeSpan.FromSeconds(10));

        await guard.ExecuteTask!.WaitAsync(deadline.Token);
        while (await ActionAsync(agent, 1) != 2)
        {
            deadline.Token.ThrowIfCancellationRequested();
        }

        log.Lines.Count(line => line.Level == LogLevel.Warning).ShouldBe(2);
    }

    private static async Task CheckAsync(string setting, EnabledState power, uint before, uint after, OperationState state, params string[] steps)
    {
        var primary = Stage.Machine(1) with { Mode = ReplicationMode.Primary, State = ReplicationState.Replicating, Power = power, StartupAction = (StartupAction)before };
        // The machine that is looked at last shows that the guard is through.
        var last = Stage.Machine(Sentinel) with { Mode = ReplicationMode.Primary, State = ReplicationState.Replicating, StartupAction = StartupAction.Always };
        await using var agent = await AgentUnderTest.StartAsync(Stage.Host(primary, last), agent => agent.Arguments.AddRange(["--boot-guard", "off"]));
        await agent.StopAsync();
        agent.Arguments[^1] = setting;
        await using (var journal = Recorded.Open(agent.DataDirectory))
        {
            foreach (var step in steps)
            {
                await journal.RecordAsync(Recorded.Facts(Guid.NewGuid()) with { Kind = step }, state);
            }

            await journal.RecordAsync(Recorded.Facts(Guid.NewGuid(), Stage.Id(Sentinel)) with { Kind = "turn-off" }, OperationState.Succeeded);
        }

        await agent.StartAsync();

        if (setting == "hold")
        {
            using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            while (await ActionAsync(agent, Sentinel) != 2 || (after == 2 && await ActionAsync(agent, 1) != 2))
            {
                deadline.Token.ThrowIfCancellationRequested();
            }
        }

        (await ActionAsync(agent, 1)).ShouldBe(after);
        var fences = (await agent.Steps.ListOperationsAsync(new ListOperationsRequest { VirtualMachineId = Stage.Id(1).ToString() })).Operations
            .Where(operation => operation.RequestedBy == "boot guard").ToList();
        fences.Count(operation => operation.Kind == "fence").ShouldBe(before == after ? 0 : 1);
        fences.ShouldAllBe(operation => operation.Kind == "fence" || operation.Kind == "delay-startup");
    }

    private static async Task<uint> ActionAsync(AgentUnderTest agent, int machine)
        => (await agent.Steps.GetMachineFactsAsync(new GetMachineFactsRequest { VirtualMachineId = Stage.Id(machine).ToString() })).StartupAction;
}
