using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Failback;
using HostAgent.HyperV.Jobs;
using HostAgent.HyperV.Replication;
using HostAgent.HyperV.Simulation.Estates;
using HostAgent.HyperV.VirtualMachines;

namespace HostAgent.HyperV.Simulation.Tests.Methods;

/// <summary>Each transition of replication alone: from where it is allowed, what it shows meanwhile, where it leads.</summary>
public sealed class TransitionTests
{
    private static readonly ushort[] Requests = [1, 2, 3, 4, 7, 9];

    [Theory]
    [InlineData(ReplicationState.Replicating)]
    [InlineData(ReplicationState.Suspended)]
    [InlineData(ReplicationState.Resynchronizing)]
    [InlineData(ReplicationState.WaitingForUpdateCompletion)]
    public async Task InitiateFailover_leads_a_replica_over_12_to_5(ReplicationState from)
    {
        await using var stage = await OpenAsync(ReplicationMode.Replica, from);
        var call = await OperatorOf(stage).ServiceAsync("InitiateFailover");
        (await stage.StateAsync()).ShouldBe(ReplicationState.RecoveryInProgress);
        await OperatorOf(stage).FinishAsync(Task.FromResult(call), JobType.InitiateFailover);
        var machine = await OperatorOf(stage).SeeAsync();
        machine.ReplicationState.ShouldBe(ReplicationState.Recovered);
        machine.ReplicationHealth.ShouldBe(ReplicationHealth.Warning, "normal until it is reversed");
        machine.Relationship!.FailedOverReplicationType.ShouldBe(ReplicationType.Regular);
    }

    [Theory]
    [InlineData(ReplicationState.Recovered)]
    [InlineData(ReplicationState.Committed)]
    [InlineData(ReplicationState.Critical)]
    [InlineData(ReplicationState.WaitingToCompleteInitialReplication)]
    public async Task InitiateFailover_from_another_state_is_refused(ReplicationState from)
    {
        await using var stage = await OpenAsync(ReplicationMode.Replica, from);
        await Operator.RefusedAsync(OperatorOf(stage).ServiceAsync("InitiateFailover"), ReturnCode.InvalidState);
    }

    [Fact]
    public async Task InitiateFailover_takes_a_recovery_point_of_the_machine_and_no_other_object()
    {
        await using var stage = await OpenAsync(ReplicationMode.Replica, ReplicationState.Replicating);
        var point = (await stage.Door.ListRecoveryPointsAsync(OperatorOf(stage).Id, Stage.Token))[0];
        await Operator.RefusedAsync(OperatorOf(stage).ServiceAsync("InitiateFailover", ("SnapshotSettingData", Operator.PathOf(OperatorOf(stage).Id))), ReturnCode.InvalidParameter);
        var path = CimObjectPath.ForKey(HyperVClasses.VirtualSystemSettingData, "InstanceID", point.Identifier);
        await OperatorOf(stage).FinishAsync(OperatorOf(stage).ServiceAsync("InitiateFailover", ("SnapshotSettingData", path)), JobType.InitiateFailover);
    }

    [Fact]
    public async Task CommitFailover_leads_from_5_to_6_and_removes_the_recovery_points()
    {
        await using var stage = await OpenAsync(ReplicationMode.Replica, ReplicationState.Recovered);
        var call = await OperatorOf(stage).ServiceAsync("CommitFailover");
        stage.Pass(5);
        (await stage.JobAsync((CimObjectPath)call.Outputs["Job"]!)).Cancellable.ShouldBeFalse();
        await OperatorOf(stage).FinishAsync(Task.FromResult(call), JobType.CommitFailover);
        (await stage.StateAsync()).ShouldBe(ReplicationState.Committed);
        (await stage.Door.ListRecoveryPointsAsync(OperatorOf(stage).Id, Stage.Token)).ShouldBeEmpty();
        await Operator.RefusedAsync(OperatorOf(stage).ServiceAsync("CommitFailover"), ReturnCode.InvalidState);
    }

    [Theory]
    [InlineData(ReplicationMode.Primary, ReplicationState.SyncedReplicationComplete, JobType.CancelSyncedReplication)]
    [InlineData(ReplicationMode.Replica, ReplicationState.Recovered, JobType.RevertFailover)]
    [InlineData(ReplicationMode.Replica, ReplicationState.RecoveryInProgress, JobType.RevertFailover)]
    public async Task RevertFailover_leads_back_to_3(ReplicationMode mode, ReplicationState from, JobType type)
    {
        await using var stage = await OpenAsync(mode, from);
        await OperatorOf(stage).FinishAsync(OperatorOf(stage).ServiceAsync("RevertFailover"), type);
        (await stage.StateAsync()).ShouldBe(ReplicationState.Replicating);
    }

    [Fact]
    public async Task A_cancelled_failover_has_the_former_state()
    {
        await using var stage = await OpenAsync(ReplicationMode.Replica, ReplicationState.Replicating);
        var job = (CimObjectPath)(await OperatorOf(stage).ServiceAsync("InitiateFailover")).Outputs["Job"]!;
        stage.Pass(10);
        (await stage.Door.RequestJobTerminationAsync(job, Stage.Token)).IsAccepted.ShouldBeTrue();
        stage.Pass(2);
        (await stage.JobAsync(job)).State.ShouldBe(JobState.Terminated);
        (await stage.StateAsync()).ShouldBe(ReplicationState.Replicating);
    }

    [Theory]
    [InlineData(ReplicationState.SyncedReplicationComplete, ReplicationState.Replicating)]
    [InlineData(ReplicationState.WaitingToCompleteInitialReplication, ReplicationState.Ready)]
    public async Task A_reversal_makes_a_primary_whose_state_depends_on_the_other_side(ReplicationState peer, ReplicationState expected)
    {
        await using var stage = await Stage.OpenAsync(Stage.HostOf(Stage.Machine() with { State = ReplicationState.Committed, PeerState = peer }));
        var former = (await OperatorOf(stage).SeeAsync()).ReplicationSettings!;
        await OperatorOf(stage).FinishAsync(OperatorOf(stage).ReverseAsync(), JobType.ReverseReplication);
        var machine = await OperatorOf(stage).SeeAsync();
        machine.ReplicationMode.ShouldBe(ReplicationMode.Primary);
        machine.ReplicationState.ShouldBe(expected);
        machine.ReplicationSettings!.RecoveryConnectionPoint.ShouldBe(former.PrimaryConnectionPoint);
        machine.ReplicationSettings.PrimaryConnectionPoint.ShouldBe(former.RecoveryConnectionPoint);
    }

    [Fact]
    public async Task A_reversal_is_refused_without_settings_of_the_machine_and_beside_an_extended_replica()
    {
        await using var stage = await OpenAsync(ReplicationMode.Replica, ReplicationState.Committed);
        await Operator.RefusedAsync(OperatorOf(stage).ServiceAsync("ReverseReplicationRelationship", ("ReplicationSettingData", "")), ReturnCode.InvalidParameter);
        await Operator.RefusedAsync(
            OperatorOf(stage).ServiceAsync("ReverseReplicationRelationship", ("ReplicationSettingData", "<INSTANCE CLASSNAME=\"Msvm_Other\"></INSTANCE>")),
            ReturnCode.IncorrectDataType);
        await using var extended = await Stage.OpenAsync(Stage.HostOf(Stage.Machine() with { State = ReplicationState.Committed, Extended = true }));
        await Operator.RefusedAsync(OperatorOf(extended).ReverseAsync(), ReturnCode.InvalidState);
    }

    [Fact]
    public async Task The_first_copy_leads_over_2_to_3_and_takes_its_part_of_the_link()
    {
        await using var stage = await OpenAsync(ReplicationMode.Primary, ReplicationState.Ready);
        var call = await OperatorOf(stage).ServiceAsync("StartReplication", ("InitialReplicationType", (ushort)1));
        (await stage.StateAsync()).ShouldBe(ReplicationState.WaitingToCompleteInitialReplication);
        stage.Pass(5 + 40);
        (await stage.JobAsync((CimObjectPath)call.Outputs["Job"]!)).PercentComplete.ShouldBe(50);
        await OperatorOf(stage).FinishAsync(Task.FromResult(call), JobType.StartNetworkInitialReplication);
        (await stage.StateAsync()).ShouldBe(ReplicationState.Replicating);
    }

    [Theory]
    [InlineData((ushort)0)]
    [InlineData((ushort)4)]
    [InlineData(null)]
    public async Task A_first_copy_of_an_unknown_kind_is_refused(ushort? type)
    {
        await using var stage = await OpenAsync(ReplicationMode.Primary, ReplicationState.Ready);
        await Operator.RefusedAsync(OperatorOf(stage).ServiceAsync("StartReplication", ("InitialReplicationType", type)), ReturnCode.InvalidParameter);
    }

    [Fact]
    public async Task A_resynchronisation_compares_transfers_and_merges_over_10_to_3()
    {
        await using var stage = await OpenAsync(ReplicationMode.Primary, ReplicationState.WaitingForStartResynchronize);
        var call = await OperatorOf(stage).ServiceAsync("Resynchronize");
        (await stage.StateAsync()).ShouldBe(ReplicationState.Resynchronizing);
        var job = (CimObjectPath)call.Outputs["Job"]!;
        stage.Pass(5 + 100 + 80 + 1);
        (await stage.JobAsync(job)).Cancellable.ShouldBeFalse("there is no way back from the merge");
        await OperatorOf(stage).FinishAsync(Task.FromResult(call), JobType.Resynchronizing);
        (await stage.StateAsync()).ShouldBe(ReplicationState.Replicating);
    }

    [Theory]
    [InlineData(1, ReplicationMode.Primary, ReplicationState.WaitingToCompleteInitialReplication, ReplicationState.Ready)]
    [InlineData(2, ReplicationMode.Primary, ReplicationState.Critical, ReplicationState.WaitingToCompleteInitialReplication)]
    [InlineData(3, ReplicationMode.Primary, ReplicationState.Suspended, ReplicationState.Replicating)]
    [InlineData(3, ReplicationMode.Replica, ReplicationState.Critical, ReplicationState.Replicating)]
    [InlineData(3, ReplicationMode.Primary, ReplicationState.WaitingForStartResynchronize, ReplicationState.Replicating)]
    [InlineData(3, ReplicationMode.Primary, ReplicationState.ResynchronizeSuspended, ReplicationState.Replicating)]
    [InlineData(3, ReplicationMode.Primary, ReplicationState.UpdateCritical, ReplicationState.Replicating)]
    [InlineData(4, ReplicationMode.Primary, ReplicationState.Replicating, ReplicationState.SyncedReplicationComplete)]
    [InlineData(7, ReplicationMode.Primary, ReplicationState.Replicating, ReplicationState.Suspended)]
    [InlineData(7, ReplicationMode.Replica, ReplicationState.WaitingToCompleteInitialReplication, ReplicationState.Suspended)]
    [InlineData(9, ReplicationMode.Primary, ReplicationState.Resynchronizing, ReplicationState.WaitingForStartResynchronize)]
    public async Task A_requested_state_is_shown_at_once_and_reached(int requested, ReplicationMode mode, ReplicationState from, ReplicationState to)
    {
        await using var stage = await OpenAsync(mode, from);
        var call = await OperatorOf(stage).RequestReplicationAsync((ushort)requested);
        (await stage.StateAsync()).ShouldBe(to);
        var type = (await stage.JobAsync((CimObjectPath)call.Outputs["Job"]!)).JobType!.Value;
        await OperatorOf(stage).FinishAsync(Task.FromResult(call), type);
        (await stage.StateAsync()).ShouldBe(to);
    }

    [Fact]
    public async Task A_state_already_reached_is_refused_and_an_unlisted_one_is_an_invalid_parameter()
    {
        await using var stage = await OpenAsync(ReplicationMode.Primary, ReplicationState.SyncedReplicationComplete);
        await Operator.RefusedAsync(OperatorOf(stage).RequestReplicationAsync(4), ReturnCode.InvalidState);
        foreach (var unlisted in Enumerable.Range(0, 30).Select(number => (ushort)number).Except(Requests))
        {
            await Operator.RefusedAsync(OperatorOf(stage).RequestReplicationAsync(unlisted), ReturnCode.InvalidParameter);
        }
    }

    [Fact]
    public async Task A_planned_failover_is_not_prepared_while_the_machine_runs()
    {
        await using var stage = await Stage.OpenAsync(Stage.HostOf(
            Stage.Machine() with { Mode = ReplicationMode.Primary, State = ReplicationState.Replicating, Power = EnabledState.Running }));
        await Operator.RefusedAsync(OperatorOf(stage).RequestReplicationAsync(4), ReturnCode.InvalidState);
    }

    [Fact]
    public async Task One_operation_of_a_machine_at_a_time()
    {
        await using var stage = await OpenAsync(ReplicationMode.Replica, ReplicationState.Replicating);
        await OperatorOf(stage).ServiceAsync("InitiateFailover");
        await Operator.RefusedAsync(OperatorOf(stage).ServiceAsync("InitiateFailover"), ReturnCode.SystemInUse);
        await Operator.RefusedAsync(OperatorOf(stage).RequestReplicationAsync(7), ReturnCode.SystemInUse);
        (await stage.InitiateAsync()).Code.ShouldBe(ReturnCode.SystemInUse);
    }

    [Fact]
    public async Task The_primary_relationship_of_an_extended_replica_goes_last()
    {
        await using var stage = await Stage.OpenAsync(Stage.HostOf(Stage.Machine() with { Extended = true }));
        await Operator.RefusedAsync(OperatorOf(stage).ServiceAsync("RemoveReplicationRelationship"), ReturnCode.InvalidState);
        var text = $"<INSTANCE CLASSNAME=\"Msvm_ReplicationRelationship\"><PROPERTY NAME=\"InstanceID\" TYPE=\"string\"><VALUE>Microsoft:{OperatorOf(stage).Id}\\HVR\\1</VALUE></PROPERTY></INSTANCE>";
        await OperatorOf(stage).FinishAsync(
            OperatorOf(stage).ServiceAsync("RemoveReplicationRelationshipEx", ("ReplicationRelationship", text)), JobType.RemoveReplicationRelationship);
        (await OperatorOf(stage).SeeAsync()).ExtendedRelationship.ShouldBeNull();
        await OperatorOf(stage).FinishAsync(OperatorOf(stage).ServiceAsync("RemoveReplicationRelationship"), JobType.RemoveReplicationRelationship);
        (await OperatorOf(stage).SeeAsync()).Relationship.ShouldBeNull();
    }

    [Fact]
    public async Task A_committed_replica_goes_on_as_the_primary_of_its_extended_replica()
    {
        await using var stage = await Stage.OpenAsync(Stage.HostOf(Stage.Machine() with { State = ReplicationState.Committed, Extended = true }));
        await OperatorOf(stage).FinishAsync(OperatorOf(stage).ServiceAsync("ChangeReplicationModeToPrimary"), JobType.ChangeReplicationModeToPrimary);
        var machine = await OperatorOf(stage).SeeAsync();
        machine.ReplicationMode.ShouldBe(ReplicationMode.Primary);
        machine.ReplicationState.ShouldBe(ReplicationState.Replicating);
    }

    [Fact]
    public async Task A_transition_goes_on_while_nobody_serves_the_host()
    {
        var folder = Directory.CreateTempSubdirectory("simulated-host-");
        try
        {
            var host = Stage.HostOf(Stage.Machine() with { State = ReplicationState.Replicating });
            var options = new SimulationOptions { StateFile = Path.Combine(folder.FullName, "state.jsonl"), MinimumJobRetention = TimeSpan.Zero };
            var stage = await Stage.OpenAsync(host, options);
            await OperatorOf(stage).ServiceAsync("InitiateFailover");
            await stage.DisposeAsync();
            stage.Time.Advance(TimeSpan.FromSeconds(31));
            await using var later = await Stage.OpenAsync(host, options, stage.Time);
            (await later.StateAsync()).ShouldBe(ReplicationState.Recovered);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static Operator OperatorOf(Stage stage) => new(stage, new VirtualMachineId(stage.Host.Description.VirtualMachines[0].Id));

    private static Task<Stage> OpenAsync(ReplicationMode mode, ReplicationState state)
        => Stage.OpenAsync(Stage.HostOf(Stage.Machine() with { Mode = mode, State = state }));
}
