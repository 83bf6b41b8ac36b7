using HostAgent.HyperV.Failback;
using HostAgent.HyperV.Jobs;
using HostAgent.HyperV.Replication;
using HostAgent.HyperV.Simulation.Estates;
using HostAgent.HyperV.VirtualMachines;

namespace HostAgent.HyperV.Simulation.Tests.Methods;

/// <summary>The whole way back from host to host, each side on a simulated host of its own.</summary>
public sealed class RehearsalTests
{
    [Fact]
    public async Task A_planned_failback_over_two_hosts_of_the_in_box_provider()
    {
        // After the disaster: the recovery side was made the primary and sends to the old primary, which is a replica now.
        await using var recovery = await OpenAsync("hv-dr-01", ReplicationMode.Primary, ReplicationState.Replicating, EnabledState.Running);
        await using var original = await OpenAsync("hv-main-01", ReplicationMode.Replica, ReplicationState.Replicating, EnabledState.Off);
        var here = OperatorOf(recovery);
        var there = OperatorOf(original);

        (await recovery.InitiateAsync()).Code.ShouldBe(ReturnCode.InvalidState, "the short way is not open to the in-box provider");
        await here.FinishAsync(here.RequestPowerAsync(4), JobType.ShutDownVirtualMachine);
        await here.FinishAsync(here.RequestReplicationAsync(4), JobType.InitiateSyncedReplication);
        await there.FinishAsync(there.ServiceAsync("InitiateFailover"), JobType.InitiateFailover);
        (await there.SeeAsync()).Relationship!.FailedOverReplicationType.ShouldBe(ReplicationType.Planned);
        await there.FinishAsync(there.ReverseAsync(), JobType.ReverseReplication);
        await there.FinishAsync(there.RequestPowerAsync(2), JobType.StartVirtualMachine);

        var back = await there.SeeAsync();
        back.ReplicationMode.ShouldBe(ReplicationMode.Primary);
        back.ReplicationState.ShouldBe(ReplicationState.Replicating);
        back.EnabledState.ShouldBe(EnabledState.Running);
    }

    [Fact]
    public async Task An_unplanned_failover_is_committed_reversed_and_replicated_anew()
    {
        await using var stage = await Stage.OpenAsync(Stage.HostOf(Stage.Machine() with { State = ReplicationState.Replicating }));
        var machine = OperatorOf(stage);
        await machine.FinishAsync(machine.ServiceAsync("InitiateFailover"), JobType.InitiateFailover);
        await machine.FinishAsync(machine.RequestPowerAsync(2), JobType.StartVirtualMachine);
        await machine.FinishAsync(machine.ServiceAsync("CommitFailover"), JobType.CommitFailover);
        await machine.FinishAsync(machine.ReverseAsync(), JobType.ReverseReplication);
        (await stage.StateAsync()).ShouldBe(ReplicationState.Ready);
        await machine.FinishAsync(machine.ServiceAsync("StartReplication", ("InitialReplicationType", (ushort)1)), JobType.StartNetworkInitialReplication);
        (await stage.StateAsync()).ShouldBe(ReplicationState.Replicating);
    }

    private static Operator OperatorOf(Stage stage) => new(stage, new VirtualMachineId(stage.Host.Description.VirtualMachines[0].Id));

    private static Task<Stage> OpenAsync(string host, ReplicationMode mode, ReplicationState state, EnabledState power)
        => Stage.OpenAsync(Stage.HostOf(Stage.Machine() with { Mode = mode, State = state, Power = power, PeerState = ReplicationState.SyncedReplicationComplete }) with
        {
            Name = host,
            Provider = ReplicationProviderKind.InBox,
        });
}
