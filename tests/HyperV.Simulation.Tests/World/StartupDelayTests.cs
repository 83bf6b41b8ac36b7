using HostAgent.HyperV.Failover;
using HostAgent.HyperV.Replication;
using HostAgent.HyperV.Simulation.Estates;
using HostAgent.HyperV.Simulation.Tests.Methods.Server;
using HostAgent.HyperV.VirtualMachines;

namespace HostAgent.HyperV.Simulation.Tests.World;

/// <summary>A host waits with a machine that it starts by itself, and judges it when the wait is over.</summary>
public sealed class StartupDelayTests
{
    private static readonly TimeSpan Delay = TimeSpan.FromMinutes(3);

    private static SimulatedVirtualMachineDescription Primary => Stage.Machine() with
    {
        Mode = ReplicationMode.Primary,
        State = ReplicationState.Replicating,
        Power = EnabledState.Running,
        StartupAction = StartupAction.Always,
    };

    [Fact]
    public async Task Machine_without_a_delay_starts_with_its_host()
    {
        await using var stage = await Stage.OpenAsync(Stage.HostOf(Primary));
        Restart(stage);
        (await PowerAsync(stage)).ShouldBe(EnabledState.Running);
    }

    [Theory]
    [InlineData(StartupAction.Always, EnabledState.Running)]
    [InlineData(StartupAction.RestartIfRunning, EnabledState.Running)]
    [InlineData(StartupAction.None, EnabledState.Off)]
    public async Task Machine_with_a_delay_starts_after_it_if_its_settings_still_say_so(StartupAction meanwhile, EnabledState after)
    {
        await using var stage = await Stage.OpenAsync(Stage.HostOf(Primary));
        await DelayAsync(stage);
        Restart(stage);
        (await PowerAsync(stage)).ShouldBe(EnabledState.Off);
        await new FailoverCalls(stage.Session).SetStartupActionAsync(Id(stage), meanwhile, Stage.Token);

        stage.Time.Advance(Delay - TimeSpan.FromSeconds(1));
        (await PowerAsync(stage)).ShouldBe(EnabledState.Off);
        stage.Time.Advance(TimeSpan.FromSeconds(1));
        (await PowerAsync(stage)).ShouldBe(after);
    }

    [Fact]
    public async Task Delay_counts_from_the_last_start_of_the_host()
    {
        await using var stage = await Stage.OpenAsync(Stage.HostOf(Primary));
        await DelayAsync(stage);
        Restart(stage);
        stage.Time.Advance(Delay - TimeSpan.FromSeconds(1));
        Restart(stage);
        stage.Time.Advance(Delay - TimeSpan.FromSeconds(1));
        (await PowerAsync(stage)).ShouldBe(EnabledState.Off);
        stage.Time.Advance(TimeSpan.FromSeconds(1));
        (await PowerAsync(stage)).ShouldBe(EnabledState.Running);
    }

    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(1)]
    public Task Delay_and_the_wait_for_it_outlive_the_process(long compactAbove) => ServerSubject.ReopenAsync(
        Stage.HostOf(Primary), compactAbove,
        async stage =>
        {
            await DelayAsync(stage);
            Restart(stage);
        },
        async stage =>
        {
            (await new FailoverCalls(stage.Session).ReadStartupAsync(Id(stage), Stage.Token)).ShouldBe(new MachineStartup(StartupAction.Always, Delay));
            (await PowerAsync(stage)).ShouldBe(EnabledState.Off);
            stage.Time.Advance(Delay);
            (await PowerAsync(stage)).ShouldBe(EnabledState.Running);
        });

    private static void Restart(Stage stage)
    {
        stage.Host.FailPower();
        stage.Host.ReturnPower();
    }

    private static async Task DelayAsync(Stage stage)
    {
        await new FailoverCalls(stage.Session).SetStartupDelayAsync(Id(stage), Delay, Stage.Token);
        stage.Time.Advance(TimeSpan.FromSeconds(5));
    }

    private static VirtualMachineId Id(Stage stage) => new(stage.Host.Description.VirtualMachines[0].Id);

    private static async Task<EnabledState> PowerAsync(Stage stage) => (await stage.Door.FindVirtualMachineAsync(Id(stage), Stage.Token)).ShouldNotBeNull().EnabledState;
}
