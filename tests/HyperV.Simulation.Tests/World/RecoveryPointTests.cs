using HostAgent.HyperV.Replication;

namespace HostAgent.HyperV.Simulation.Tests.World;

public sealed class RecoveryPointTests
{
    [Fact]
    public async Task A_replicating_replica_gets_a_point_at_every_full_hour_and_loses_its_oldest()
    {
        await using var stage = await Stage.OpenAsync(Stage.HostOf(
            Stage.Machine() with { State = ReplicationState.Replicating, SinceLastReplication = TimeSpan.Zero, RecoveryHistory = 3 }));
        (await TimesAsync(stage)).ShouldBe([Stage.Began, Stage.Began.AddHours(-1), Stage.Began.AddHours(-2)]);
        var former = await IdentifiersAsync(stage);
        stage.Pass(3600);
        (await TimesAsync(stage)).ShouldBe([Stage.Began.AddHours(1), Stage.Began, Stage.Began.AddHours(-1)]);
        (await IdentifiersAsync(stage))[1..].ShouldBe(former[..2], "a point keeps its identifier");
    }

    [Fact]
    public async Task A_machine_that_has_failed_over_gets_no_more_points()
    {
        await using var stage = await Stage.OpenAsync();
        var before = await IdentifiersAsync(stage);
        stage.Pass(10 * 3600);
        (await IdentifiersAsync(stage)).ShouldBe(before);
    }

    [Fact]
    public async Task After_their_removal_points_build_up_again()
    {
        await using var stage = await Stage.OpenAsync(Stage.HostOf(
            Stage.Machine() with { State = ReplicationState.Replicating, SinceLastReplication = TimeSpan.Zero, RecoveryHistory = 3 }));
        stage.Pass(600);
        stage.Host.RemoveRecoveryPoints(stage.Host.Description.VirtualMachines[0].Id);
        (await TimesAsync(stage)).ShouldBeEmpty();
        stage.Pass(7200);
        (await TimesAsync(stage)).ShouldBe([Stage.Began.AddHours(2), Stage.Began.AddHours(1)]);
    }

    private static async Task<List<DateTimeOffset>> TimesAsync(Stage stage)
        => [.. (await stage.Door.ListRecoveryPointsAsync(new(stage.Host.Description.VirtualMachines[0].Id), Stage.Token)).Select(point => point.Time)];

    private static async Task<List<string>> IdentifiersAsync(Stage stage)
        => [.. (await stage.Door.ListRecoveryPointsAsync(new(stage.Host.Description.VirtualMachines[0].Id), Stage.Token)).Select(point => point.Identifier)];
}
