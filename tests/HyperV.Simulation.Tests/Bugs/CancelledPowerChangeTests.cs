using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Replication;
using HostAgent.HyperV.Simulation.Tests.Methods;
using HostAgent.HyperV.VirtualMachines;

namespace HostAgent.HyperV.Simulation.Tests.Bugs;

/// <summary>A cancelled job once put back the replication state alone, so that a machine stayed on its way up or down, or kept its test failover, for ever.</summary>
public sealed class CancelledPowerChangeTests
{
    [Theory]
    [InlineData(EnabledState.Off, 2)]
    [InlineData(EnabledState.Running, 4)]
    [InlineData(EnabledState.Running, 6)]
    public async Task A_machine_whose_power_change_is_cancelled_is_as_it_was(EnabledState power, int requested)
    {
        await using var stage = await Stage.OpenAsync(Stage.HostOf(Stage.Machine() with { Power = power }));
        var machine = OperatorOf(stage);
        await CancelAsync(stage, await machine.RequestPowerAsync((ushort)requested));
        (await machine.SeeAsync()).EnabledState.ShouldBe(power);
    }

    [Fact]
    public async Task A_cancelled_test_failover_leaves_no_machine()
    {
        await using var stage = await Stage.OpenAsync(Stage.HostOf(Stage.Machine() with { State = ReplicationState.Replicating }));
        await CancelAsync(stage, await OperatorOf(stage).ServiceAsync("TestReplicaSystem"));
        (await stage.Door.ListVirtualMachinesAsync(Stage.Token)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Health_is_not_touched_by_the_end_of_a_power_change()
    {
        await using var stage = await Stage.OpenAsync(Stage.HostOf(
            Stage.Machine() with { Mode = ReplicationMode.Primary, State = ReplicationState.Replicating, Health = ReplicationHealth.Warning }));
        await CancelAsync(stage, await OperatorOf(stage).RequestPowerAsync(2));
        (await OperatorOf(stage).SeeAsync()).ReplicationHealth.ShouldBe(ReplicationHealth.Warning);
    }

    private static async Task CancelAsync(Stage stage, CimMethodResult call)
    {
        (await stage.Door.RequestJobTerminationAsync((CimObjectPath)call.Outputs["Job"]!, Stage.Token)).IsAccepted.ShouldBeTrue();
        stage.Pass(2);
    }

    private static Operator OperatorOf(Stage stage) => new(stage, new VirtualMachineId(stage.Host.Description.VirtualMachines[0].Id));
}
