using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Failback;
using HostAgent.HyperV.Jobs;
using HostAgent.HyperV.Replication;
using HostAgent.HyperV.Simulation.Faults;
using HostAgent.HyperV.VirtualMachines;

namespace HostAgent.HyperV.Simulation.Tests.Methods;

public sealed class PowerTests
{
    [Theory]
    [InlineData(EnabledState.Off, 2, EnabledState.Starting, EnabledState.Running, JobType.StartVirtualMachine)]
    [InlineData(EnabledState.Saved, 2, EnabledState.Starting, EnabledState.Running, JobType.RestoreVirtualMachine)]
    [InlineData(EnabledState.Running, 3, EnabledState.Stopping, EnabledState.Off, JobType.PowerOffVirtualMachine)]
    [InlineData(EnabledState.Running, 4, EnabledState.Stopping, EnabledState.Off, JobType.ShutDownVirtualMachine)]
    [InlineData(EnabledState.Running, 6, EnabledState.Saving, EnabledState.Saved, JobType.SaveVirtualMachine)]
    [InlineData(EnabledState.Running, 9, EnabledState.Pausing, EnabledState.Paused, JobType.ModifyVirtualMachine)]
    public async Task A_machine_goes_through_the_states_of_its_way(EnabledState from, int requested, EnabledState during, EnabledState after, JobType type)
    {
        await using var stage = await Stage.OpenAsync(Stage.HostOf(Stage.Machine() with { Power = from }));
        var call = await OperatorOf(stage).RequestPowerAsync((ushort)requested);
        (await OperatorOf(stage).SeeAsync()).EnabledState.ShouldBe(during);
        await OperatorOf(stage).FinishAsync(Task.FromResult(call), type);
        (await OperatorOf(stage).SeeAsync()).EnabledState.ShouldBe(after);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_start_that_stands_still_leaves_its_machine_starting_and_the_next_one_does_not(bool vanishes)
    {
        await using var stage = await Stage.OpenAsync(Stage.HostOf(Stage.Machine() with { Faults = [new StepStuckFault(JobType.StartVirtualMachine) { Vanishes = vanishes, Times = 1 }, new StepStuckFault(JobType.InitiateFailover)] }));
        var path = (await OperatorOf(stage).RequestPowerAsync(2)).Outputs["Job"].ShouldBeOfType<CimObjectPath>();

        stage.Pass(3600);

        (await OperatorOf(stage).SeeAsync()).EnabledState.ShouldBe(EnabledState.Starting);
        if (vanishes)
        {
            (await stage.Door.GetJobAsync(path, Stage.Token)).ShouldBeNull();
            return;
        }

        (await stage.JobAsync(path)).ShouldSatisfyAllConditions(job => job.State.ShouldBe(JobState.Running), job => job.PercentComplete.ShouldBe((ushort)40));
        (await stage.Door.RequestJobTerminationAsync(path, Stage.Token)).Number.ShouldBe((uint)JobStateChangeCode.TransitionStarted);
        stage.Pass(60);
        (await OperatorOf(stage).SeeAsync()).EnabledState.ShouldBe(EnabledState.Off);
        await OperatorOf(stage).FinishAsync(OperatorOf(stage).RequestPowerAsync(2), JobType.StartVirtualMachine);
        (await OperatorOf(stage).SeeAsync()).EnabledState.ShouldBe(EnabledState.Running);
    }

    [Fact]
    public async Task A_state_already_reached_is_refused()
    {
        await using var stage = await Stage.OpenAsync();
        (await OperatorOf(stage).RequestPowerAsync(3)).ReturnValue.ShouldBe((uint)ReturnCode.InvalidState);
        (await OperatorOf(stage).RequestPowerAsync(5)).ReturnValue.ShouldBe((uint)ReturnCode.InvalidParameter);
    }

    [Theory]
    [InlineData(ReplicationMode.Primary, ReplicationState.SyncedReplicationComplete)]
    [InlineData(ReplicationMode.Replica, ReplicationState.Replicating)]
    [InlineData(ReplicationMode.Replica, ReplicationState.FailbackComplete)]
    public async Task A_machine_that_replication_locks_is_not_started(ReplicationMode mode, ReplicationState state)
    {
        await using var stage = await Stage.OpenAsync(Stage.HostOf(Stage.Machine() with { Mode = mode, State = state }));
        (await OperatorOf(stage).RequestPowerAsync(2)).ReturnValue.ShouldBe((uint)ReturnCode.InvalidState);
    }

    [Fact]
    public async Task A_test_failover_makes_a_machine_that_starts_and_is_destroyed()
    {
        await using var stage = await Stage.OpenAsync(Stage.HostOf(Stage.Machine() with { State = ReplicationState.Replicating }));
        var replica = OperatorOf(stage);
        var call = await replica.ServiceAsync("TestReplicaSystem");
        await replica.FinishAsync(Task.FromResult(call), JobType.InitiateTestReplica);
        var path = call.Outputs["ResultingSystem"].ShouldBeOfType<CimObjectPath>();
        var test = new Operator(stage, VirtualMachineId.Parse((string)path.Keys["Name"]));
        (await test.SeeAsync()).Name.ShouldBe("sql-01 - Test");
        (await test.SeeAsync()).ReplicationMode.ShouldBe(ReplicationMode.TestReplica);
        var tied = await stage.Session.ListAssociatorsAsync(
            Operator.PathOf(replica.Id), HyperVClasses.ReplicaSystemDependency, HyperVClasses.ComputerSystem, Stage.Token);
        tied.ShouldHaveSingleItem().Path.ShouldBe(path);

        (await replica.ServiceAsync("TestReplicaSystem")).ReturnValue.ShouldBe((uint)ReturnCode.InvalidState, "one a machine");
        (await replica.ServiceAsync("InitiateFailover")).ReturnValue.ShouldBe((uint)ReturnCode.InvalidState, "not beside a test failover");
        await test.FinishAsync(test.RequestPowerAsync(2), JobType.StartVirtualMachine);
        (await DestroyAsync(stage, path)).ReturnValue.ShouldBe((uint)ReturnCode.InvalidState, "it runs");
        await test.FinishAsync(test.RequestPowerAsync(3), JobType.PowerOffVirtualMachine);
        await replica.FinishAsync(DestroyAsync(stage, path), JobType.RemoveTestReplica);
        (await stage.Door.FindVirtualMachineAsync(test.Id, Stage.Token)).ShouldBeNull();
        await replica.FinishAsync(replica.ServiceAsync("InitiateFailover"), JobType.InitiateFailover);
    }

    [Fact]
    public async Task A_machine_of_the_estate_is_not_destroyed()
    {
        await using var stage = await Stage.OpenAsync();
        (await DestroyAsync(stage, Operator.PathOf(OperatorOf(stage).Id))).ReturnValue.ShouldBe((uint)ReturnCode.NotSupported);
    }

    private static async Task<CimMethodResult> DestroyAsync(Stage stage, CimObjectPath machine)
    {
        var service = (await stage.Session.ListInstancesAsync("Msvm_VirtualSystemManagementService", [], Stage.Token)).ShouldHaveSingleItem();
        return await stage.Session.InvokeMethodAsync(service.Path!, "DestroySystem", new Dictionary<string, object?> { ["AffectedSystem"] = machine }, Stage.Token);
    }

    private static Operator OperatorOf(Stage stage) => new(stage, new VirtualMachineId(stage.Host.Description.VirtualMachines[0].Id));
}
