using HostAgent.HyperV.Failback;
using HostAgent.HyperV.Jobs;
using HostAgent.HyperV.Replication;
using HostAgent.HyperV.Simulation.Estates;
using HostAgent.HyperV.VirtualMachines;

namespace HostAgent.Failover.Tests.Simulated;

/// <summary>Failures that operators of Hyper-V Replica report, on two simulated hosts; <see cref="FailureCases"/> lists all of them with their tests.</summary>
public sealed class FailureCaseTests
{
    private static readonly SimulatedVirtualMachineDescription Machine = new() { Name = "sql-01", Id = new Guid(1, 0, 0, [0, 0, 0, 0, 0, 0, 0, 1]), DiskGigabytes = 10, ChangedGigabytes = 1 };
    private static readonly SimulatedVirtualMachineDescription FailedOver = Machine with { State = ReplicationState.Recovered, Power = EnabledState.Running };
    private static readonly SimulatedVirtualMachineDescription OldPrimary = Machine with { Mode = ReplicationMode.Primary, State = ReplicationState.WaitingForStartResynchronize };
    private static readonly SimulatedVirtualMachineDescription Sender = Machine with { Mode = ReplicationMode.Primary, State = ReplicationState.Replicating, Power = EnabledState.Running };
    private static readonly SimulatedVirtualMachineDescription Receiver = Machine with { State = ReplicationState.Replicating };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string> Symptoms => [.. FailureCases.All.Select(one => one.Symptom)];

    [Theory]
    [MemberData(nameof(Symptoms))]
    public void Case_has_a_test_or_a_reason_why_it_has_none(string symptom)
    {
        var known = FailureCases.All.Single(one => one.Symptom == symptom);
        if (known.Test is null)
        {
            known.WhyNot.ShouldNotBeNullOrWhiteSpace();
            return;
        }

        known.WhyNot.ShouldBeNull();
        var (type, method) = known.Test.Split('.') is [var left, var right] ? (left, right) : throw new FormatException(known.Test);
        Sources().ShouldContain(text => text.Contains($"class {type}", StringComparison.Ordinal) && text.Contains($" {method}(", StringComparison.Ordinal), known.Test);
    }

    [Fact]
    public async Task Reversal_towards_a_host_that_is_down_fails_and_changes_nothing()
    {
        await using var driver = await PairDriver.OpenAsync(FailedOver, Machine with { State = ReplicationState.WaitingToCompleteInitialReplication });
        driver.FailPower(Side.Home, seconds: 600);

        (await driver.VerdictAsync(Side.Recovery, await driver.ReverseAsync(Side.Recovery), seconds: 60)).ShouldBe(JobVerdict.Failed);

        (await driver.ReadAsync(Side.Recovery)).ShouldSatisfyAllConditions(
            facts => facts.Mode.ShouldBe(ReplicationMode.Replica), facts => facts.State.ShouldBe(ReplicationState.Recovered), facts => facts.Power.ShouldBe(Power.Running));
    }

    [Fact]
    public async Task Reversal_before_the_old_primary_was_told_to_be_a_replica_fails()
    {
        await using var driver = await PairDriver.OpenAsync(FailedOver, OldPrimary);

        (await driver.VerdictAsync(Side.Recovery, await driver.ReverseAsync(Side.Recovery), seconds: 60)).ShouldBe(JobVerdict.Failed);

        (await driver.ReadAsync(Side.Home)).State.ShouldBe(ReplicationState.WaitingForStartResynchronize);
    }

    [Fact]
    public async Task Host_that_is_no_replica_server_gets_no_machine()
    {
        await using var driver = await PairDriver.OpenAsync(FailedOver, home: null, host => host with { RecoveryServerEnabled = false });

        (await driver.VerdictAsync(Side.Recovery, await driver.ReverseAsync(Side.Recovery), seconds: 60)).ShouldBe(JobVerdict.Failed);

        (await driver.ReadAsync(Side.Home)).Presence.ShouldBe(Presence.Absent);
        (await driver.ReadAsync(Side.Recovery)).State.ShouldBe(ReplicationState.Recovered);
    }

    [Fact]
    public async Task Preparation_while_the_guest_still_shuts_down_is_refused()
    {
        await using var driver = await PairDriver.OpenAsync(Sender, Receiver);
        (await driver.CallsOf(Side.Recovery).ShutDownGuestAsync(driver.Id, force: false, "test", Token)).ShouldNotBeNull().Code.ShouldBe(ReturnCode.Completed);
        driver.Pass(5);

        (await driver.PrepareAsync()).Code.ShouldBeOneOf(ReturnCode.SystemInUse, ReturnCode.InvalidState);

        driver.Pass(30);
        (await driver.PrepareAsync()).Code.ShouldBe(ReturnCode.JobStarted);
    }

    [Fact]
    public async Task Saved_old_primary_that_comes_back_after_its_host_was_shut_down_is_discarded_only_behind_its_gate()
    {
        await using var driver = await PairDriver.OpenAsync(FailedOver, OldPrimary with { State = ReplicationState.Critical, Power = EnabledState.Saved });

        (await driver.DecideAsync()).ShouldBeOfType<Wait>().Needs.ShouldNotBeNull().Gate.ShouldBe(Gate.Attach);
        (await driver.DriveAsync()).ShouldBe(new Done(Outcome.Home));

        driver.Walk[0].ShouldBe("DiscardSavedState Home");
        driver.Pair.Compare(Machine.Id).SecondLacks.ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public async Task Restored_copy_with_other_disks_is_a_question_before_anything_is_done()
    {
        await using var driver = await PairDriver.OpenAsync(FailedOver, Machine with { Mode = ReplicationMode.None, State = ReplicationState.Disabled });
        var (recovery, home) = (await driver.ReadAsync(Side.Recovery), await driver.ReadAsync(Side.Home) with { DisksMatch = false });

        driver.Decide(recovery, home, driver.Records.Seen(recovery, home), Goal.Home, driver.Now).ShouldBeOfType<Ask>().Code.ShouldBe(Question.DisksDiffer);
    }

    [Fact]
    public async Task Second_rehearsal_is_refused_while_the_first_one_s_machine_is_there_and_so_is_a_failover()
    {
        await using var driver = await PairDriver.OpenAsync(Sender, Receiver);
        driver.Pass(301);
        var clone = await driver.TestFailoverAsync(Side.Home);

        (await driver.ServiceAsync(Side.Home, "TestReplicaSystem", driver.Id, [])).Code.ShouldBe(ReturnCode.InvalidState);
        (await driver.CallsOf(Side.Home).InitiateFailoverAsync(driver.Id, point: null, Token)).Code.ShouldBe(ReturnCode.InvalidState);

        await driver.EndTestFailoverAsync(Side.Home, clone);
        (await driver.ReadAsync(Side.Home)).ShouldSatisfyAllConditions(facts => facts.Presence.ShouldBe(Presence.Present), facts => facts.State.ShouldBe(ReplicationState.Replicating));
        (await driver.ServiceAsync(Side.Home, "TestReplicaSystem", driver.Id, [])).Code.ShouldBe(ReturnCode.JobStarted);
    }

    [Fact]
    public async Task Backup_on_the_source_is_in_the_way_of_the_preparation_until_it_ends()
    {
        await using var driver = await PairDriver.OpenAsync(Sender with { Power = EnabledState.Off }, Receiver);
        driver.HostOf(Side.Recovery).StartOtherJob(Machine.Id, JobType.Backup, TimeSpan.FromMinutes(10));

        (await driver.PrepareAsync()).Code.ShouldBe(ReturnCode.SystemInUse);

        driver.Pass(601);
        (await driver.PrepareAsync()).Code.ShouldBe(ReturnCode.JobStarted);
    }

    [Fact]
    public async Task Machine_is_not_started_by_hand_at_the_side_that_receives()
    {
        await using var driver = await PairDriver.OpenAsync(Sender, Receiver);

        (await driver.CallsOf(Side.Home).StartMachineAsync(driver.Id, Token)).Code.ShouldBe(ReturnCode.InvalidState);
    }

    [Fact]
    public async Task Replication_that_nothing_reaches_does_not_look_healthy()
    {
        await using var driver = await PairDriver.OpenAsync(Sender, Receiver);
        driver.Pass(700);
        var last = (await driver.ReadAsync(Side.Home)).LastReplication;
        driver.CutLink(seconds: 100_000);
        driver.Pass(7 * 3600);

        foreach (var side in new[] { Side.Recovery, Side.Home })
        {
            (await driver.DoorOf(side).FindVirtualMachineAsync(driver.Id, Token)).ShouldNotBeNull().Relationship.ShouldNotBeNull().Health.ShouldBe(ReplicationHealth.Warning);
        }

        (await driver.ReadAsync(Side.Home)).LastReplication.ShouldBe(last);
    }

    private static IEnumerable<string> Sources()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "HostAgent.sln")))
        {
            directory = directory.Parent;
        }

        return Directory.EnumerateFiles(Path.Combine(directory.ShouldNotBeNull().FullName, "tests"), "*Tests*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal)).Select(File.ReadAllText);
    }
}
