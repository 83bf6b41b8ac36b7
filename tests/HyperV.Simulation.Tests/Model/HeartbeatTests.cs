using HostAgent.HyperV.Failover;
using HostAgent.HyperV.Replication;
using HostAgent.HyperV.Simulation.Estates;
using HostAgent.HyperV.VirtualMachines;

namespace HostAgent.HyperV.Simulation.Tests.Model;

public sealed class HeartbeatTests
{
    [Fact]
    public async Task Heartbeat_is_there_once_the_guest_has_booted()
    {
        await using var stage = await StartedAsync(new SimulatedGuestDescription { BootTime = TimeSpan.FromMinutes(2) });

        (await HeartbeatAsync(stage)).ShouldBe([12]);
        stage.Pass(118);
        (await HeartbeatAsync(stage)).ShouldBe([12], "it boots");
        stage.Pass(2);
        (await HeartbeatAsync(stage)).ShouldBe([2, 2]);
    }

    [Fact]
    public async Task Machine_that_is_off_has_none()
    {
        await using var stage = await Stage.OpenAsync();
        (await HeartbeatAsync(stage)).ShouldBeNull();
        (await stage.Session.ListInstancesAsync("Msvm_HeartbeatComponent", [], Stage.Token)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Guest_that_does_not_boot_never_has_contact()
    {
        await using var stage = await StartedAsync(new SimulatedGuestDescription { BootFails = true });
        stage.Pass(3600);
        (await HeartbeatAsync(stage)).ShouldBe([12]);
        (await MachineOf(stage).SeeAsync()).EnabledState.ShouldBe(EnabledState.Running, "the host runs it all the same");
    }

    [Fact]
    public async Task Application_in_a_critical_state_is_told_beside_the_contact()
    {
        await using var stage = await StartedAsync(new SimulatedGuestDescription { ApplicationCritical = true });
        stage.Pass(31);
        (await HeartbeatAsync(stage)).ShouldBe([2, 32782]);
    }

    [Fact]
    public async Task Guest_that_hangs_loses_contact()
    {
        await using var stage = await StartedAsync(new SimulatedGuestDescription { HangsAfter = TimeSpan.FromMinutes(5) });
        stage.Pass(60);
        (await HeartbeatAsync(stage)).ShouldBe([2, 2]);
        stage.Pass(241);
        (await HeartbeatAsync(stage)).ShouldBe([13]);
    }

    [Fact]
    public async Task Guest_without_integration_services_cannot_be_shut_down()
    {
        await using var stage = await StartedAsync(new SimulatedGuestDescription { IntegrationServices = false });
        stage.Pass(3600);
        (await HeartbeatAsync(stage)).ShouldBe([12]);
        (await MachineOf(stage).SeeAsync()).EnabledState.ShouldBe(EnabledState.Running);
        var answer = (await new FailoverCalls(stage.Session).ShutDownGuestAsync(IdOf(stage), force: false, "test", Stage.Token)).ShouldNotBeNull();
        ((uint)answer.Code).ShouldBe(32775u);
    }

    [Fact]
    public async Task Machine_that_ran_when_the_simulation_began_has_booted_long_ago()
    {
        await using var stage = await Stage.OpenAsync(Stage.HostOf(Stage.Machine() with { Power = EnabledState.Running }));
        (await HeartbeatAsync(stage)).ShouldBe([2, 2]);
    }

    private static async Task<Stage> StartedAsync(SimulatedGuestDescription guest)
    {
        var stage = await Stage.OpenAsync(Stage.HostOf(Stage.Machine() with { Mode = ReplicationMode.None, State = ReplicationState.Disabled, Guest = guest }));
        (await new FailoverCalls(stage.Session).StartMachineAsync(IdOf(stage), Stage.Token)).ShouldNotBeNull();
        stage.Pass(12);
        return stage;
    }

    private static Methods.Operator MachineOf(Stage stage) => new(stage, IdOf(stage));

    private static VirtualMachineId IdOf(Stage stage) => new(stage.Host.Description.VirtualMachines[0].Id);

    private static async Task<ushort[]?> HeartbeatAsync(Stage stage)
        => await stage.Session.ListAssociatorsAsync(
            Methods.Operator.PathOf(IdOf(stage)), "Msvm_SystemDevice", "Msvm_HeartbeatComponent", Stage.Token) is [var component, ..]
            ? (ushort[]?)component["OperationalStatus"]
            : null;
}
