using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Failback;
using HostAgent.HyperV.Failover;
using HostAgent.HyperV.Jobs;
using HostAgent.HyperV.Replication;
using HostAgent.HyperV.Services;
using HostAgent.HyperV.VirtualMachines;

namespace HostAgent.HyperV.Simulation.Tests.Methods;

/// <summary>The typed calls of a move between two hosts, on the host that enforces their documented rules.</summary>
public sealed class FailoverCallsTests
{
    [Fact]
    public async Task Recovery_side_goes_from_failed_over_to_prepared_and_back()
    {
        await using var stage = await Stage.OpenAsync(Stage.HostOf(Stage.Machine() with { PeerState = ReplicationState.SyncedReplicationComplete, Power = EnabledState.Running }));
        var (calls, id) = (new FailoverCalls(stage.Session), Id(stage));
        var settings = (await stage.Door.GetReplicationSettingsAsync(id, Stage.Token)).ShouldNotBeNull().ToEmbeddedText();

        await EndsAsync(stage, await calls.ReverseReplicationAsync(id, settings, Stage.Token));
        (await SeeAsync(stage)).ShouldBe((ReplicationMode.Primary, ReplicationState.Replicating, EnabledState.Running));

        var asked = (await calls.ShutDownGuestAsync(id, force: false, "planned failover home", Stage.Token)).ShouldNotBeNull();
        (asked.Code, asked.Job).ShouldBe((ReturnCode.Completed, null));
        stage.Pass(30);
        (await calls.ShutDownGuestAsync(id, force: false, "planned failover home", Stage.Token)).ShouldBeNull("it is off");

        var prepare = await calls.RequestReplicationStateAsync(id, ReplicationState.SyncedReplicationComplete, Stage.Token);
        (await SeeAsync(stage)).State.ShouldBe(ReplicationState.SyncedReplicationComplete, "the state shows while the job runs");
        await EndsAsync(stage, prepare);
        (await calls.StartMachineAsync(id, Stage.Token)).Code.ShouldBe(ReturnCode.InvalidState, "it is locked");

        await EndsAsync(stage, await calls.RevertFailoverAsync(id, Stage.Token));
        await EndsAsync(stage, await calls.StartMachineAsync(id, Stage.Token));
        (await SeeAsync(stage)).ShouldBe((ReplicationMode.Primary, ReplicationState.Replicating, EnabledState.Running));
    }

    [Theory]
    [InlineData(ReplicationMode.Primary, ReplicationState.WaitingForStartResynchronize)]
    [InlineData(ReplicationMode.None, ReplicationState.Disabled)]
    public async Task Old_primary_and_a_restored_copy_become_replicas(ReplicationMode mode, ReplicationState state)
    {
        await using var stage = await Stage.OpenAsync(Stage.HostOf(Stage.Machine() with { Mode = mode, State = state }));

        await EndsAsync(stage, await new FailoverCalls(stage.Session).RequestReplicationStateAsync(Id(stage), ReplicationState.WaitingToCompleteInitialReplication, Stage.Token));

        (await SeeAsync(stage)).ShouldBe((ReplicationMode.Replica, ReplicationState.WaitingToCompleteInitialReplication, EnabledState.Off));
    }

    [Fact]
    public async Task Replica_is_failed_over_and_reverted_and_failed_over_and_committed()
    {
        await using var stage = await Stage.OpenAsync(Stage.HostOf(Stage.Machine() with { State = ReplicationState.Replicating }));
        var (calls, id) = (new FailoverCalls(stage.Session), Id(stage));
        var point = (await stage.Door.ListRecoveryPointsAsync(id, Stage.Token))[0];

        await EndsAsync(stage, await calls.InitiateFailoverAsync(id, CimObjectPath.ForKey(HyperVClasses.VirtualSystemSettingData, "InstanceID", point.Identifier), Stage.Token));
        (await SeeAsync(stage)).State.ShouldBe(ReplicationState.Recovered);
        await EndsAsync(stage, await calls.RevertFailoverAsync(id, Stage.Token));
        await EndsAsync(stage, await calls.InitiateFailoverAsync(id, point: null, Stage.Token));
        await EndsAsync(stage, await calls.CommitFailoverAsync(id, Stage.Token));
        (await SeeAsync(stage)).State.ShouldBe(ReplicationState.Committed);
    }

    [Theory]
    [InlineData(InitialReplicationType.Network, null)]
    [InlineData(InitialReplicationType.Seeded, null)]
    [InlineData(InitialReplicationType.Export, @"D:\Export")]
    public async Task First_copy_starts_on_a_primary_that_is_ready(InitialReplicationType type, string? folder)
    {
        await using var stage = await Stage.OpenAsync(Stage.HostOf(Stage.Machine() with { Mode = ReplicationMode.Primary, State = ReplicationState.Ready }));

        (await new FailoverCalls(stage.Session).StartReplicationAsync(Id(stage), type, folder, Stage.Token)).Code.ShouldBe(ReturnCode.JobStarted);
    }

    [Theory]
    [InlineData(InitialReplicationType.Network, @"D:\Export")]
    [InlineData(InitialReplicationType.Export, null)]
    public async Task Folder_goes_with_an_export_and_with_nothing_else(InitialReplicationType type, string? folder)
    {
        await using var stage = await Stage.OpenAsync();

        await Should.ThrowAsync<ArgumentException>(() => new FailoverCalls(stage.Session).StartReplicationAsync(Id(stage), type, folder, Stage.Token));
    }

    [Fact]
    public async Task Relationship_is_removed_made_anew_and_resynchronized()
    {
        await using var stage = await Stage.OpenAsync(Stage.HostOf(Stage.Machine() with { Mode = ReplicationMode.Primary, State = ReplicationState.WaitingForStartResynchronize }));
        var (calls, id) = (new FailoverCalls(stage.Session), Id(stage));
        var settings = (await stage.Door.GetReplicationSettingsAsync(id, Stage.Token)).ShouldNotBeNull().ToEmbeddedText();

        var resynchronization = await calls.ResynchronizeAsync(id, Stage.Token);
        (await SeeAsync(stage)).State.ShouldBe(ReplicationState.Resynchronizing);
        await EndsAsync(stage, resynchronization);
        await EndsAsync(stage, await calls.RemoveRelationshipAsync(new ReplicationInstanceId(id, IsExtended: false), Stage.Token));
        (await SeeAsync(stage)).Mode.ShouldBe(ReplicationMode.None);
        await EndsAsync(stage, await calls.CreateRelationshipAsync(id, settings, Stage.Token));
        (await SeeAsync(stage)).ShouldBe((ReplicationMode.Primary, ReplicationState.Ready, EnabledState.Off));
    }

    [Theory]
    [InlineData(StartupAction.RestartIfRunning)]
    [InlineData(StartupAction.Always)]
    public async Task Startup_action_is_set_and_read_back(StartupAction action)
    {
        await using var stage = await Stage.OpenAsync();
        var (calls, id) = (new FailoverCalls(stage.Session), Id(stage));

        (await calls.ReadStartupActionAsync(id, Stage.Token)).ShouldBe(StartupAction.None);
        await EndsAsync(stage, (await calls.SetStartupActionAsync(id, action, Stage.Token)).ShouldNotBeNull());
        (await calls.ReadStartupActionAsync(id, Stage.Token)).ShouldBe(action);
        (await calls.SetStartupActionAsync(id, (StartupAction)7, Stage.Token)).ShouldNotBeNull().Code.ShouldBe(ReturnCode.InvalidParameter);
    }

    [Fact]
    public async Task Startup_delay_is_set_and_a_longer_one_stays()
    {
        await using var stage = await Stage.OpenAsync();
        var (calls, id) = (new FailoverCalls(stage.Session), Id(stage));

        (await calls.ReadStartupAsync(id, Stage.Token)).ShouldBe(new MachineStartup(StartupAction.None, TimeSpan.Zero));
        await EndsAsync(stage, (await calls.SetStartupDelayAsync(id, TimeSpan.FromSeconds(180), Stage.Token)).ShouldNotBeNull());
        (await calls.ReadStartupAsync(id, Stage.Token)).ShouldBe(new MachineStartup(StartupAction.None, TimeSpan.FromSeconds(180)));
        await EndsAsync(stage, (await calls.SetStartupDelayAsync(id, TimeSpan.FromSeconds(60), Stage.Token)).ShouldNotBeNull());
        // A change of the action keeps the delay.
        await EndsAsync(stage, (await calls.SetStartupActionAsync(id, StartupAction.Always, Stage.Token)).ShouldNotBeNull());
        (await calls.ReadStartupAsync(id, Stage.Token)).ShouldBe(new MachineStartup(StartupAction.Always, TimeSpan.FromSeconds(180)));
        (await stage.Door.ListStartupsAsync(Stage.Token)).ShouldHaveSingleItem().Startup.Delay.ShouldBe(TimeSpan.FromSeconds(180));
    }

    [Fact]
    public async Task Machine_of_another_host_is_not_called()
    {
        await using var stage = await Stage.OpenAsync();
        var (calls, other) = (new FailoverCalls(stage.Session), new VirtualMachineId(new Guid(9, 0, 0, new byte[8])));

        (await calls.ReadStartupActionAsync(other, Stage.Token)).ShouldBeNull();
        (await calls.SetStartupActionAsync(other, StartupAction.None, Stage.Token)).ShouldBeNull();
        (await calls.RevertFailoverAsync(other, Stage.Token)).Code.ShouldBe(ReturnCode.InvalidParameter);
    }

    private static VirtualMachineId Id(Stage stage) => new(stage.Host.Description.VirtualMachines[0].Id);

    private static async Task<(ReplicationMode Mode, ReplicationState State, EnabledState Power)> SeeAsync(Stage stage)
    {
        var machine = (await stage.Door.FindVirtualMachineAsync(Id(stage), Stage.Token)).ShouldNotBeNull();
        return (machine.ReplicationMode, machine.ReplicationState, machine.EnabledState);
    }

    private static async Task EndsAsync(Stage stage, ServiceAnswer answer)
    {
        answer.Code.ShouldBe(ReturnCode.JobStarted);
        for (var look = 0; look < 1000; look++)
        {
            if (await stage.JobAsync(answer.Job.ShouldNotBeNull()) is { IsTerminal: true } job)
            {
                job.Verdict.ShouldBe(JobVerdict.Succeeded);
                return;
            }

            stage.Pass(1);
        }

        Assert.Fail("The job does not end.");
    }
}
