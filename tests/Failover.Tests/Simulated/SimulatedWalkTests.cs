using HostAgent.HyperV.Replication;
using HostAgent.HyperV.Simulation.Estates;
using HostAgent.HyperV.VirtualMachines;

namespace HostAgent.Failover.Tests.Simulated;

/// <summary>Whole ways home over two simulated hosts that speak: the real calls, the hosts' own rules, and every write accounted for.</summary>
public sealed class SimulatedWalkTests
{
    private static readonly SimulatedVirtualMachineDescription Machine = new() { Name = "sql-01", Id = new Guid(1, 0, 0, [0, 0, 0, 0, 0, 0, 0, 1]), DiskGigabytes = 10, ChangedGigabytes = 1 };

    private static readonly SimulatedVirtualMachineDescription FailedOver = Machine with { State = ReplicationState.Recovered, Power = EnabledState.Running };

    public static TheoryData<ReplicationMode, ReplicationState> Homes => new()
    {
        { ReplicationMode.Primary, ReplicationState.WaitingForStartResynchronize },
        { ReplicationMode.Primary, ReplicationState.Critical },
        { ReplicationMode.Primary, ReplicationState.Replicating },
        { ReplicationMode.None, ReplicationState.Disabled },
    };

    [Theory]
    [MemberData(nameof(Homes))]
    public async Task Machine_comes_home_with_every_write(ReplicationMode mode, ReplicationState state)
    {
        await using var driver = await PairDriver.OpenAsync(FailedOver, Machine with { Mode = mode, State = state });

        (await driver.DriveAsync()).ShouldBe(new Done(Outcome.Home));

        driver.Walk.ShouldBe(
        [
            "BecomeReplica Home", "ReverseReplication Recovery", "StartReplication Recovery", "ShutDownGuest Recovery", "PreparePlannedFailover Recovery", "FailOver Home",
            "StartMachine Home", "VerifyGuest Home", "ReverseReplication Home", "Unfence Home",
        ]);
        var content = driver.Pair.Compare(Machine.Id);
        (content.SecondHasAll, content.SecondIsMixed).ShouldBe((true, false));
        (await driver.ReadAsync(Side.Home)).Power.ShouldBe(Power.Running);
        driver.Pass(400);
        driver.Pair.Compare(Machine.Id).ShouldSatisfyAllConditions(protectedAgain => protectedAgain.SecondHasAll.ShouldBeTrue(), protectedAgain => protectedAgain.FirstIsMixed.ShouldBeFalse());
    }

    [Fact]
    public async Task Machine_goes_there_and_comes_back_without_a_copy()
    {
        await using var driver = await PairDriver.OpenAsync(
            Machine with { State = ReplicationState.Replicating }, Machine with { Mode = ReplicationMode.Primary, State = ReplicationState.Replicating, Power = EnabledState.Running });
        driver.Pass(600);
        var outward = driver.Swapped();

        (await outward.DriveAsync()).ShouldBe(new Done(Outcome.Home));
        outward.Walk.ShouldBe(["ShutDownGuest Recovery", "PreparePlannedFailover Recovery", "FailOver Home", "StartMachine Home", "VerifyGuest Home", "ReverseReplication Home", "Unfence Home"]);
        driver.Pass(3600);

        (await driver.DriveAsync()).ShouldBe(new Done(Outcome.Home));
        driver.Walk.ShouldBe(
            ["ShutDownGuest Recovery", "Fence Recovery", "PreparePlannedFailover Recovery", "FailOver Home", "StartMachine Home", "VerifyGuest Home", "ReverseReplication Home", "Unfence Home"]);
        driver.Pair.Compare(Machine.Id).SecondHasAll.ShouldBeTrue();
    }
}
