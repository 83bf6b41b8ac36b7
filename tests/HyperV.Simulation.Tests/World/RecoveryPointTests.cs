using HostAgent.HyperV.Jobs;
using HostAgent.HyperV.RecoveryPoints;
using HostAgent.HyperV.Replication;
using HostAgent.HyperV.Simulation.Tests.Methods;
using HostAgent.HyperV.Simulation.Tests.Methods.Server;

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

    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(1)]
    public Task A_planned_failover_leaves_a_point_of_its_own_until_it_is_taken_back(long compactAbove) => ServerSubject.ReopenAsync(
        Stage.HostOf(Stage.Machine() with { State = ReplicationState.Replicating, PeerState = ReplicationState.SyncedReplicationComplete, RecoveryHistory = 2 }), compactAbove,
        async stage =>
        {
            (await TypesAsync(stage)).ShouldNotContain(RecoveryPointType.PlannedFailover);
            await OperatorOf(stage).FinishAsync(OperatorOf(stage).ServiceAsync("InitiateFailover"), JobType.InitiateFailover);
        },
        async stage =>
        {
            (await TypesAsync(stage)).ShouldBe([RecoveryPointType.PlannedFailover, RecoveryPointType.ApplicationConsistent, RecoveryPointType.Standard]);
            (await IdentifiersAsync(stage)).ShouldBeUnique();
            (await TimesAsync(stage))[0].ShouldBe(stage.Time.GetUtcNow());
            await OperatorOf(stage).FinishAsync(OperatorOf(stage).ServiceAsync("RevertFailover"), JobType.RevertFailover);
            (await TypesAsync(stage)).ShouldNotContain(RecoveryPointType.PlannedFailover);
        });

    [Theory]
    [InlineData(ReplicationState.SyncedReplicationComplete, 0)]
    [InlineData(ReplicationState.WaitingToCompleteInitialReplication, 4)]
    public async Task Without_a_history_or_a_prepared_primary_there_is_no_such_point(ReplicationState peer, int history)
    {
        await using var stage = await Stage.OpenAsync(Stage.HostOf(
            Stage.Machine() with { State = ReplicationState.Replicating, PeerState = peer, RecoveryHistory = history }));
        await OperatorOf(stage).FinishAsync(OperatorOf(stage).ServiceAsync("InitiateFailover"), JobType.InitiateFailover);
        (await TypesAsync(stage)).ShouldNotContain(RecoveryPointType.PlannedFailover);
    }

    private static Operator OperatorOf(Stage stage) => new(stage, new(stage.Host.Description.VirtualMachines[0].Id));

    private static async Task<List<RecoveryPointType>> TypesAsync(Stage stage)
        => [.. (await stage.Door.ListRecoveryPointsAsync(new(stage.Host.Description.VirtualMachines[0].Id), Stage.Token)).Select(point => point.Type)];

    private static async Task<List<DateTimeOffset>> TimesAsync(Stage stage)
        => [.. (await stage.Door.ListRecoveryPointsAsync(new(stage.Host.Description.VirtualMachines[0].Id), Stage.Token)).Select(point => point.Time)];

    private static async Task<List<string>> IdentifiersAsync(Stage stage)
        => [.. (await stage.Door.ListRecoveryPointsAsync(new(stage.Host.Description.VirtualMachines[0].Id), Stage.Token)).Select(point => point.Identifier)];
}
