using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Failback;
using HostAgent.HyperV.Jobs;
using HostAgent.HyperV.Simulation.Estates;
using HostAgent.HyperV.VirtualMachines;

namespace HostAgent.HyperV.Simulation.Tests.Methods;

public sealed class InitiateShutdownTests
{
    [Fact]
    public async Task A_guest_that_is_asked_shuts_down_in_its_time()
    {
        await using var stage = await OpenAsync(EnabledState.Running);
        (await ShutDownAsync(stage)).ReturnValue.ShouldBe(0u, "it was asked");
        (await MachineOf(stage).SeeAsync()).EnabledState.ShouldBe(EnabledState.Stopping);
        (await ShutDownAsync(stage)).ReturnValue.ShouldBe(32782u, "a shutdown is going on");
        stage.Pass(21);
        (await MachineOf(stage).SeeAsync()).EnabledState.ShouldBe(EnabledState.Off);
        (await ComponentsAsync(stage)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_guest_may_take_its_time_or_not_shut_down_at_all()
    {
        await using var slow = await OpenAsync(EnabledState.Running, new SimulatedGuestDescription { ShutdownTime = TimeSpan.FromMinutes(40) });
        (await ShutDownAsync(slow)).ReturnValue.ShouldBe(0u);
        slow.Pass(2399);
        (await MachineOf(slow).SeeAsync()).EnabledState.ShouldBe(EnabledState.Stopping);
        slow.Pass(3);
        (await MachineOf(slow).SeeAsync()).EnabledState.ShouldBe(EnabledState.Off);

        await using var deaf = await OpenAsync(EnabledState.Running, new SimulatedGuestDescription { IgnoresShutdown = true });
        (await ShutDownAsync(deaf)).ReturnValue.ShouldBe(0u, "the guest was asked");
        deaf.Pass(3600);
        (await MachineOf(deaf).SeeAsync()).EnabledState.ShouldBe(EnabledState.Running);
    }

    [Fact]
    public async Task A_machine_that_is_off_has_no_guest_to_ask()
    {
        await using var stage = await OpenAsync(EnabledState.Off);
        (await ComponentsAsync(stage)).ShouldBeEmpty();
        (await stage.Session.ListInstancesAsync("Msvm_ShutdownComponent", [], Stage.Token)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_paused_or_busy_machine_is_refused()
    {
        await using var paused = await OpenAsync(EnabledState.Paused);
        (await ShutDownAsync(paused)).ReturnValue.ShouldBe((uint)ReturnCode.InvalidState);
        await using var busy = await OpenAsync(EnabledState.Running);
        busy.Host.StartOtherJob(busy.Host.Description.VirtualMachines[0].Id, JobType.Backup, duration: null);
        (await ShutDownAsync(busy)).ReturnValue.ShouldBe((uint)ReturnCode.SystemInUse);
    }

    [Theory]
    [InlineData(null, "failback")]
    [InlineData(true, null)]
    public async Task Force_and_a_reason_are_needed(object? force, string? reason)
    {
        await using var stage = await OpenAsync(EnabledState.Running);
        (await ShutDownAsync(stage, force, reason)).ReturnValue.ShouldBe((uint)ReturnCode.InvalidParameter);
    }

    private static Task<Stage> OpenAsync(EnabledState power, SimulatedGuestDescription? guest = null)
        => Stage.OpenAsync(Stage.HostOf(Stage.Machine() with { Power = power, Guest = guest ?? new SimulatedGuestDescription() }));

    private static Operator MachineOf(Stage stage) => new(stage, new(stage.Host.Description.VirtualMachines[0].Id));

    private static Task<IReadOnlyList<CimInstance>> ComponentsAsync(Stage stage)
        => stage.Session.ListAssociatorsAsync(Operator.PathOf(MachineOf(stage).Id), "Msvm_SystemDevice", "Msvm_ShutdownComponent", Stage.Token);

    private static async Task<CimMethodResult> ShutDownAsync(Stage stage, object? force, string? reason)
        => await stage.Session.InvokeMethodAsync(
            (await ComponentsAsync(stage)).ShouldHaveSingleItem().Path!, "InitiateShutdown", new Dictionary<string, object?> { ["Force"] = force, ["Reason"] = reason }, Stage.Token);

    private static Task<CimMethodResult> ShutDownAsync(Stage stage) => ShutDownAsync(stage, force: false, "failback");
}
