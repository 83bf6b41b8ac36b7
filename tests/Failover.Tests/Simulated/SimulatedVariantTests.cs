using HostAgent.HyperV.Failover;
using HostAgent.HyperV.Replication;
using HostAgent.HyperV.Simulation.Estates;
using HostAgent.HyperV.VirtualMachines;

namespace HostAgent.Failover.Tests.Simulated;

/// <summary>Ways home that do not begin with an old primary that waits: a new host, a removed relationship, both running, an undone failover, a rehearsal.</summary>
public sealed class SimulatedVariantTests
{
    private static readonly SimulatedVirtualMachineDescription Machine = new() { Name = "sql-01", Id = new Guid(1, 0, 0, [0, 0, 0, 0, 0, 0, 0, 1]), DiskGigabytes = 10, ChangedGigabytes = 1 };
    private static readonly SimulatedVirtualMachineDescription FailedOver = Machine with { State = ReplicationState.Recovered, Power = EnabledState.Running };
    private static readonly SimulatedVirtualMachineDescription OldPrimary = Machine with { Mode = ReplicationMode.Primary, State = ReplicationState.WaitingForStartResynchronize };

    [Fact]
    public async Task Host_that_is_new_gets_the_machine_by_the_reversal_and_a_whole_first_copy()
    {
        await using var driver = await PairDriver.OpenAsync(FailedOver, home: null);

        (await driver.DriveAsync()).ShouldBe(new Done(Outcome.Home));

        driver.Walk.ShouldBe(
        [
            "ReverseReplication Recovery", "StartReplication Recovery", "ShutDownGuest Recovery", "PreparePlannedFailover Recovery", "FailOver Home", "StartMachine Home", "VerifyGuest Home",
            "ReverseReplication Home", "Unfence Home",
        ]);
        Has(driver, home: true);
    }

    [Fact]
    public async Task Relationship_that_was_removed_is_created_anew_while_the_machine_runs()
    {
        await using var driver = await PairDriver.OpenAsync(FailedOver, OldPrimary);
        await driver.PersonAsync(Side.Home, (calls, id) => calls.RequestReplicationStateAsync(id, ReplicationState.WaitingToCompleteInitialReplication, TestContext.Current.CancellationToken));
        await driver.PersonAsync(Side.Recovery, (calls, id) => calls.RemoveRelationshipAsync(new ReplicationInstanceId(id, IsExtended: false), TestContext.Current.CancellationToken));
        driver.Records = driver.Records with { ProductionAt = Side.Recovery };

        (await driver.DriveAsync()).ShouldBe(new Done(Outcome.Home));

        driver.Walk[..2].ShouldBe(["CreateRelationship Recovery", "StartReplication Recovery"]);
        Has(driver, home: true);
    }

    [Fact]
    public async Task First_copy_by_medium_brings_what_was_exported_and_the_rest_comes_over_the_link()
    {
        await using var driver = await PairDriver.OpenAsync(FailedOver, home: null);
        await driver.PersonAsync(Side.Recovery, async (calls, id) => await calls.ReverseReplicationAsync(id, await SettingsAsync(driver, id), TestContext.Current.CancellationToken));
        await driver.PersonAsync(Side.Recovery, (calls, id) => calls.StartReplicationAsync(id, InitialReplicationType.Export, @"E:\export", TestContext.Current.CancellationToken));
        driver.Pass(3600);
        await driver.ImportAsync(Side.Home, @"F:\export");
        driver.Pass(60);

        (await driver.ReadAsync(Side.Recovery)).State.ShouldBe(ReplicationState.Replicating);
        driver.Pair.Compare(Machine.Id).SecondLacks.ShouldBeGreaterThan(TimeSpan.FromMinutes(59), "the medium was an hour on the road");
        driver.Pass(301);
        driver.Pair.Compare(Machine.Id).SecondLacks.ShouldBeLessThan(TimeSpan.FromMinutes(5));
    }

    [Fact]
    public async Task Both_run_and_the_person_keeps_the_recovery_site()
    {
        await using var driver = await PairDriver.OpenAsync(FailedOver, OldPrimary with { Power = EnabledState.Running });
        driver.Pass(600);
        driver.Pair.Compare(Machine.Id).BothRan.ShouldBe(TimeSpan.FromMinutes(10));
        (await driver.DecideAsync()).ShouldBeOfType<Ask>().Code.ShouldBe(Question.SplitBrain);

        await driver.PersonAsync(Side.Home, async (calls, id) => (await calls.ShutDownGuestAsync(id, force: false, "the recovery site goes on", TestContext.Current.CancellationToken))!);
        driver.Records = driver.Records with { ProductionAt = Side.Recovery };
        (await driver.DriveAsync()).ShouldBe(new Done(Outcome.Home));

        var content = driver.Pair.Compare(Machine.Id);
        content.SecondIsMixed.ShouldBeFalse();
        content.SecondLacks.ShouldBeInRange(TimeSpan.FromMinutes(9), TimeSpan.FromMinutes(11), "what home wrote meanwhile is what the person gave up, and nothing else");
        content.BothRan.ShouldBeLessThan(TimeSpan.FromMinutes(11), "not once again");
    }

    [Fact]
    public async Task Both_run_and_the_person_keeps_home()
    {
        await using var driver = await PairDriver.OpenAsync(FailedOver, Machine with { Mode = ReplicationMode.Primary, State = ReplicationState.WaitingForStartResynchronize, Power = EnabledState.Running });
        driver.Pass(600);
        await driver.PersonAsync(Side.Recovery, async (calls, id) => (await calls.ShutDownGuestAsync(id, force: false, "home goes on", TestContext.Current.CancellationToken))!);
        await driver.PersonAsync(Side.Recovery, (calls, id) => calls.RevertFailoverAsync(id, TestContext.Current.CancellationToken));
        await driver.PersonAsync(Side.Home, (calls, id) => calls.ResynchronizeAsync(id, TestContext.Current.CancellationToken));
        driver.Pass(301);

        (await driver.ReadAsync(Side.Home)).ShouldSatisfyAllConditions(facts => facts.Power.ShouldBe(Power.Running), facts => facts.State.ShouldBe(ReplicationState.Replicating));
        var content = driver.Pair.Compare(Machine.Id);
        content.FirstIsMixed.ShouldBeFalse();
        content.SecondLacks.ShouldBeInRange(TimeSpan.FromMinutes(9), TimeSpan.FromMinutes(11), "what the recovery site wrote since the failover is what the person gave up");
        content.FirstLacks.ShouldBeInRange(content.SecondLacks, content.SecondLacks + TimeSpan.FromMinutes(5), "home is protected again");
    }

    [Fact]
    public async Task Failover_that_is_undone_takes_what_was_written_since_with_it()
    {
        await using var driver = await PairDriver.OpenAsync(Machine with { State = ReplicationState.Replicating }, Machine with { Mode = ReplicationMode.Primary, State = ReplicationState.Replicating, Power = EnabledState.Running });
        driver.Pass(301);
        driver.FailPower(Side.Home, seconds: 5000);
        await driver.PersonAsync(Side.Recovery, (calls, id) => calls.InitiateFailoverAsync(id, point: null, TestContext.Current.CancellationToken));
        await driver.PersonAsync(Side.Recovery, (calls, id) => calls.StartMachineAsync(id, TestContext.Current.CancellationToken));
        driver.Pass(1000);
        await driver.PersonAsync(Side.Recovery, async (calls, id) => (await calls.ShutDownGuestAsync(id, force: false, "undo", TestContext.Current.CancellationToken))!);
        await driver.PersonAsync(Side.Recovery, (calls, id) => calls.RevertFailoverAsync(id, TestContext.Current.CancellationToken));
        driver.Settle();

        var content = driver.Pair.Compare(Machine.Id);
        content.FirstLacks.ShouldBeGreaterThan(TimeSpan.FromSeconds(1000));
        content.FirstIsMixed.ShouldBeFalse();
        (await driver.ReadAsync(Side.Recovery)).State.ShouldBe(ReplicationState.Replicating);
    }

    [Fact]
    public async Task Rehearsal_at_home_during_the_rest_touches_neither_production_nor_replication()
    {
        await using var driver = await PairDriver.OpenAsync(
            Machine with { Mode = ReplicationMode.Primary, State = ReplicationState.Replicating, Power = EnabledState.Running }, Machine with { State = ReplicationState.Replicating });
        driver.Pass(600);

        var clone = await driver.TestFailoverAsync(Side.Home);
        driver.Pass(600);
        (await driver.ReadAsync(Side.Home)).State.ShouldBe(ReplicationState.Replicating);
        (await driver.ReadAsync(Side.Recovery)).Power.ShouldBe(Power.Running);
        await driver.EndTestFailoverAsync(Side.Home, clone);

        driver.Pair.Compare(Machine.Id).ShouldSatisfyAllConditions(
            content => content.BothRan.ShouldBe(TimeSpan.Zero), content => content.SecondIsMixed.ShouldBeFalse(), content => content.SecondLacks.ShouldBeLessThan(TimeSpan.FromMinutes(5)));
        (await driver.DriveAsync()).ShouldBe(new Done(Outcome.Home));
        Has(driver, home: true);
    }

    private static async Task<string> SettingsAsync(PairDriver driver, VirtualMachineId id)
        => (await driver.DoorOf(Side.Recovery).GetReplicationSettingsAsync(id, TestContext.Current.CancellationToken)).ShouldNotBeNull().ToEmbeddedText();

    private static void Has(PairDriver driver, bool home)
    {
        var content = driver.Pair.Compare(Machine.Id);
        (content.SecondHasAll, content.SecondIsMixed, content.SecondRuns, content.FirstRuns).ShouldBe((home, false, home, false));
        (content.BothRan, content.SecondLacks).ShouldBe((TimeSpan.Zero, TimeSpan.Zero));
    }
}
